/* Table and drawing of a place point at each other; a sheet prints at a button. */
(function () {
  "use strict";
  const parts = new Map();
  document.querySelectorAll("#places tr[data-code], .plan a[data-code]").forEach(function (part) {
    const code = part.dataset.code;
    parts.set(code, (parts.get(code) || []).concat(part));
    ["mouseenter", "focusin"].forEach(function (name) { part.addEventListener(name, function () { point(code, true); }); });
    ["mouseleave", "focusout"].forEach(function (name) { part.addEventListener(name, function () { point(code, false); }); });
  });

  function point(code, on) {
    parts.get(code).forEach(function (part) { part.classList.toggle("hovered", on); });
  }

  const coloring = document.getElementById("coloring");
  if (coloring) { coloring.addEventListener("change", function () { coloring.form.requestSubmit(); }); }

  const print = document.getElementById("print");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }
})();

/* Colors the map by the column that the server has chosen; a village is one selection for both. */
(function () {
  "use strict";
  const byId = function (id) { return document.getElementById(id); };
  const table = byId("matrix");
  const rows = new Map();
  let picked = null;

  table.querySelectorAll("tr[data-code]").forEach(function (row) { rows.set(row.dataset.code, row); });

  /* ------------------------------------------------ the address keeps the village */

  function read() {
    const code = new URLSearchParams(location.hash.slice(1)).get("kode");
    picked = rows.has(code) ? code : null;
  }

  function write() {
    history.replaceState(null, "", picked ? "#kode=" + picked : location.pathname + location.search);
    keep();
  }

  /* Another view of the same village. */
  function keep() {
    if (!picked) { return; }
    document.querySelectorAll("a[data-view]").forEach(function (link) { link.hash = "kode=" + picked; });
  }

  /* ------------------------------------------------ what is shown */

  function paint() {
    geoTarget.paint(table.dataset.tone, function (code) {
      return rows.has(code) ? rows.get(code).dataset.token : "none";
    });
  }

  function hatch() {
    const box = byId("stale");
    const codes = Array.from(rows.keys()).filter(function (code) {
      return rows.get(code).hasAttribute("data-stale") && geoTarget.villages.has(code);
    });
    geoTarget.hatch(box && box.checked ? codes : []);
  }

  function show({ look = false, scroll = false } = {}) {
    rows.forEach(function (row, code) {
      row.classList.toggle("picked", code === picked);
      row.querySelector(".pick").setAttribute("aria-pressed", String(code === picked));
    });
    geoTarget.mark(picked, { look });
    const row = rows.get(picked);
    byId("spoken").textContent = row ? row.querySelector(".pick").textContent + ". " + row.dataset.said : "";
    if (row && scroll) {
      const list = byId("list");
      list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2;
    }
  }

  function pick(code, options) {
    picked = code === picked ? null : code;
    write();
    show(options);
  }

  /* ------------------------------------------------ hands */

  table.addEventListener("click", function (event) {
    const row = event.target.closest("tr[data-code]");
    if (row && !event.target.closest("a")) { pick(row.dataset.code, { look: true }); }
  });
  table.addEventListener("mouseover", function (event) {
    const row = event.target.closest("tr[data-code]");
    geoTarget.hover(row ? row.dataset.code : null);
  });
  table.addEventListener("mouseleave", function () { geoTarget.hover(null); });
  if (byId("stale")) { byId("stale").addEventListener("change", hatch); }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && picked && !document.fullscreenElement) { pick(picked); }
  });
  addEventListener("hashchange", function () { read(); keep(); show({ look: true, scroll: true }); });

  /* ------------------------------------------------ the map's own news */

  geoTarget.describe = function (code) { return rows.has(code) ? rows.get(code).dataset.said : ""; };
  geoTarget.on("pick", function (code) {
    if (code || picked) { pick(code || picked, { scroll: true }); }
  });
  geoTarget.on("hover", function (code) {
    geoTarget.hover(code);
    rows.forEach(function (row, other) { row.classList.toggle("hovered", other === code); });
  });
  geoTarget.on("ready", function (name) {
    if (name !== "villages") { return; }
    read();
    keep();
    paint();
    hatch();
    show({ look: true, scroll: true });
  });
})();

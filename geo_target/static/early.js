/* Before the first paint: the size of type that was chosen for a projector. */
(function () {
  "use strict";
  const key = "geo-target.projector";
  const root = document.documentElement;
  root.classList.add("js");

  function remembered() {
    try { return localStorage.getItem(key) === "1"; } catch { return false; }
  }
  function remember(on) {
    try { localStorage.setItem(key, on ? "1" : "0"); } catch { /* only this page then */ }
  }

  root.classList.toggle("projector", remembered());

  /* The menu closes when one goes on elsewhere. */
  function closeMenu(event) {
    const menu = document.getElementById("menu");
    if (!menu || !menu.open) { return; }
    if (event.type === "keydown" && event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.type !== "keydown" && !menu.contains(event.target)) {
      menu.open = false;
    }
  }
  ["click", "focusin", "keydown"].forEach(function (name) { document.addEventListener(name, closeMenu); });

  document.addEventListener("DOMContentLoaded", function () {
    const button = document.getElementById("projector");
    if (!button) { return; }
    button.hidden = false;
    button.setAttribute("aria-pressed", String(remembered()));
    button.addEventListener("click", function () {
      const on = root.classList.toggle("projector");
      button.setAttribute("aria-pressed", String(on));
      remember(on);
      dispatchEvent(new Event("resize"));
    });
  });
})();

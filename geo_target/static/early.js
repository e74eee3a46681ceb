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

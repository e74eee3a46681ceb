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

  /* A table that is wider than its place is reached and scrolled by keyboard, under its own name. */
  const wide = new ResizeObserver(function (seen) {
    seen.forEach(function ({ target }) {
      if (target.scrollWidth <= target.clientWidth) {
        ["tabindex", "role", "aria-label"].forEach(function (name) { target.removeAttribute(name); });
        return;
      }
      target.tabIndex = 0;
      target.setAttribute("role", "region");
      target.setAttribute("aria-label", nameOf(target));
    });
  });

  function nameOf(box) {
    const caption = box.querySelector("caption");
    if (caption) { return caption.textContent.trim(); }
    const headings = Array.from(document.querySelectorAll("h1, h2, h3, summary"));
    const above = headings.filter(function (each) {
      return each.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING;
    });
    return above.length ? above[above.length - 1].textContent.trim() : document.title;
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".wide:not([tabindex])").forEach(function (box) { wide.observe(box); });
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

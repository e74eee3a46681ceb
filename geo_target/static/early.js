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

  /* A table that is wider than its place says so, keeps the names of its rows in sight, and is
     reached and scrolled by keyboard under its own name. */
  const watched = new WeakSet();
  const sizes = new ResizeObserver(function (seen) {
    new Set(seen.map(function ({ target }) { return target.closest(".wide"); })).forEach(fit);
  });

  function watchTables() {
    document.querySelectorAll(".wide").forEach(function (box) {
      if (watched.has(box)) { return; }
      watched.add(box);
      box.dataset.hint = root.dataset.wide || "";
      box.toggleAttribute("data-named", box.hasAttribute("tabindex"));
      box.addEventListener("scroll", function () { tellPlace(box); }, { passive: true });
      [box, ...box.children].forEach(function (each) { sizes.observe(each); });
    });
  }

  function fit(box) {
    const isWider = box.scrollWidth > box.clientWidth + 1;
    box.classList.toggle("wider", isWider);
    if (isWider) {
      pinNames(box);
      tellPlace(box);
    }
    if (box.hasAttribute("data-named")) { return; }
    if (!isWider) {
      ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); });
      return;
    }
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", nameOf(box));
  }

  /* Whether there is more to the left, and to the right. */
  function tellPlace(box) {
    box.classList.toggle("begun", box.scrollLeft > 1);
    box.classList.toggle("ended", box.scrollLeft + box.clientWidth >= box.scrollWidth - 1);
  }

  /* The column of row heads stays, unless it would leave the others no room. */
  function pinNames(box) {
    const table = box.querySelector("table:not(.matrix)");
    const name = table && table.querySelector(":is(tbody, tfoot) th[scope=row]");
    if (!name) { return; }
    const heads = table.tHead ? Array.from(table.tHead.rows[0].cells).slice(0, name.cellIndex + 1) : [];
    const isPlain = heads.every(function (each) { return each.colSpan === 1; });
    const pinned = Array.from(table.querySelectorAll(":is(tbody, tfoot) th[scope=row]"));
    if (isPlain && heads.length) { pinned.push(heads[heads.length - 1]); }
    const hasRoom = name.offsetWidth <= 0.55 * box.clientWidth;
    pinned.forEach(function (cell) { cell.classList.toggle("pinned", hasRoom); });
  }

  function nameOf(box) {
    const caption = box.querySelector("caption");
    if (caption) { return caption.textContent.trim(); }
    const headings = Array.from(document.querySelectorAll("h1, h2, h3, summary"));
    const above = headings.filter(function (each) {
      return each.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING;
    });
    return above.length ? above[above.length - 1].textContent.trim() : document.title;
  }

  addEventListener("tables", watchTables);  // a page that renews a part of itself says so
  document.addEventListener("DOMContentLoaded", function () {
    watchTables();
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

/* The pages of a carried file, one at a time. */
(function () {
  "use strict";
  const parts = document.querySelectorAll("[data-part]");
  const buttons = document.querySelectorAll(".bar-nav [data-view]");

  function show(place) {
    parts.forEach(function (part) {
      const shown = part.dataset.part === place;
      part.hidden = !shown;
      if (shown) { document.body.className = part.dataset.body; }
    });
    buttons.forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.view === place)); });
    scrollTo(0, 0);
    dispatchEvent(new Event("resize"));
  }

  document.addEventListener("click", function (event) {
    const to = event.target.closest("[data-view]");
    if (!to) { return; }
    event.preventDefault();
    show(to.dataset.view);
  });
})();

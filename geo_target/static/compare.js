/* Maps as one: what is moved, pointed at or picked in one is so in the other, in the table and
   in the address. Plain SVG: the view is the box of coordinates that all maps show. */
(function () {
  "use strict";
  const MOST = 24;     // times enlarged
  const NEAR = 2.5;    // from here on all names are shown
  const STEP = 1.6;
  const MOVED_PX = 4;  // less is a click
  const byId = function (id) { return document.getElementById(id); };
  const maps = Array.from(document.querySelectorAll("svg[data-sheet]"));
  const patterns = Array.from(document.querySelectorAll(".sheet-pattern"));
  const rows = new Map(Array.from(document.querySelectorAll("#compared tr[data-code]"), function (row) { return [row.dataset.code, row]; }));
  const whole = maps[0].viewBox.baseVal;
  const home = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
  const pointers = new Map();
  let view = { ...home };
  let picked = null;
  let dragged = false;

  /* ------------------------------------------------ one view */

  function clamp(value, low, high) { return Math.min(high, Math.max(low, value)); }

  function look(x, y, w) {
    const width = clamp(w, home.w / MOST, home.w);
    const height = width * home.h / home.w;
    view = { x: clamp(x, 0, home.w - width), y: clamp(y, 0, home.h - height), w: width, h: height };
    draw();
  }

  function zoom(times, at = { x: view.x + view.w / 2, y: view.y + view.h / 2 }) {
    const w = clamp(view.w / times, home.w / MOST, home.w);
    const share = w / view.w;
    look(at.x - (at.x - view.x) * share, at.y - (at.y - view.y) * share, w);
    write();
  }

  function move(right, down) {
    look(view.x + right * view.w, view.y + down * view.h, view.w);
    write();
  }

  function goHome() {
    look(0, 0, home.w);
    write();
  }

  function draw() {
    maps.forEach(function (map) {
      map.setAttribute("viewBox", [view.x, view.y, view.w, view.h].map(function (n) { return n.toFixed(1); }).join(" "));
      map.classList.toggle("near", home.w / view.w >= NEAR);
      map.classList.toggle("moved", view.w < home.w);
    });
    const units = 1 / scale(maps[0]);  // of the drawing, to a pixel
    const em = parseFloat(getComputedStyle(document.documentElement).fontSize);
    maps.forEach(function (map) { map.querySelector(".sheet-names").setAttribute("font-size", (0.75 * em * units).toFixed(1)); });
    patterns.forEach(function (one) { one.setAttribute("patternTransform", `scale(${units.toFixed(2)}) rotate(45)`); });
  }

  function scale(map) {
    return Math.min(map.clientWidth / view.w, map.clientHeight / view.h) || 1;
  }

  function placeOf(map, event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return { x: at.x, y: at.y };
  }

  /* ------------------------------------------------ one selection */

  function outline(name, code) {
    maps.forEach(function (map) {
      const shape = code && map.querySelector(`use[data-code="${CSS.escape(code)}"]`);
      map.querySelectorAll(".mark." + name).forEach(function (mark) {
        if (shape) { mark.setAttribute("href", shape.getAttribute("href")); } else { mark.removeAttribute("href"); }
      });
    });
  }

  function tell(code) {
    const row = rows.get(code);
    byId("told").replaceChildren(...(row ? inWords(row) : [byId("told").dataset.hint]));
  }

  function inWords(row) {
    const heads = row.closest("table").querySelectorAll("thead th");
    const name = document.createElement("strong");
    name.textContent = row.querySelector(".pick").textContent + ", " + row.querySelector(".district").textContent;
    const lines = Array.from(row.cells).slice(1).map(function (cell, index) {
      const line = document.createElement("span");
      line.textContent = heads[index + 1].firstChild.textContent.trim() + ": " + cell.textContent.replace(/\s+/g, " ").trim() + " ";
      return line;
    });
    return [name, " ", ...lines];
  }

  function hover(code) {
    rows.forEach(function (row, other) { row.classList.toggle("hovered", other === code); });
    outline("hovered", code);
    tell(code || picked);
  }

  function show({ scroll = false, seek = false } = {}) {
    rows.forEach(function (row, code) {
      row.classList.toggle("picked", code === picked);
      row.querySelector(".pick").setAttribute("aria-pressed", String(code === picked));
    });
    outline("casing", picked);
    outline("picked", picked);
    tell(picked);
    const row = rows.get(picked);
    if (row && scroll) {
      const list = byId("list");
      list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2;
    }
    if (row && seek) { bringIntoView(); }
  }

  function bringIntoView() {
    const shape = document.querySelector(`svg[data-sheet] use[data-code="${CSS.escape(picked)}"]`);
    if (!shape) { return; }
    const box = shape.getBBox();
    const inside = box.x >= view.x && box.y >= view.y && box.x + box.width <= view.x + view.w && box.y + box.height <= view.y + view.h;
    if (!inside) { look(box.x + box.width / 2 - view.w / 2, box.y + box.height / 2 - view.h / 2, view.w); }
  }

  function pick(code, options) {
    picked = code === picked ? null : code;
    show(options);
    write();
  }

  /* ------------------------------------------------ the address keeps both */

  function read() {
    const words = new URLSearchParams(location.hash.slice(1));
    picked = rows.has(words.get("kode")) ? words.get("kode") : null;
    const [x, y, w] = (words.get("pandang") || "").split(",").map(Number);
    if (w > 0 && Number.isFinite(x + y)) { look(x, y, w); } else { look(0, 0, home.w); }
    show({ scroll: true });
    keep();
  }

  function write() {
    const words = [];
    if (picked) { words.push("kode=" + picked); }
    if (view.w < home.w) { words.push("pandang=" + [view.x, view.y, view.w].map(Math.round).join(",")); }
    history.replaceState(null, "", words.length ? "#" + words.join("&") : location.pathname + location.search);
    keep();
  }

  /* The same place in another question. */
  function keep() {
    document.querySelector("form.sides").action = location.pathname + location.hash;
    document.querySelectorAll("a[data-view]").forEach(function (link) {
      if (new URL(link.href).searchParams.get("kec") === new URLSearchParams(location.search).get("kec")) { link.hash = location.hash; }
    });
  }

  /* ------------------------------------------------ hands */

  function codeAt(event) {
    const shape = event.target.closest("use[data-code]");
    return shape && rows.has(shape.dataset.code) ? shape.dataset.code : null;
  }

  maps.forEach(function (map) {
    map.addEventListener("wheel", function (event) {
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, placeOf(map, event));
    }, { passive: false });
    map.addEventListener("pointerdown", function (event) {
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, from: { x: event.clientX, y: event.clientY } });
      if (pointers.size === 1) { dragged = false; }
    });
    map.addEventListener("pointermove", function (event) {
      const before = pointers.get(event.pointerId);
      if (!before) { return; }
      const others = Array.from(pointers.keys()).filter(function (id) { return id !== event.pointerId; });
      const after = { ...before, x: event.clientX, y: event.clientY };
      if (!dragged && Math.hypot(after.x - before.from.x, after.y - before.from.y) < MOVED_PX) { return; }
      if (!dragged) { map.setPointerCapture(event.pointerId); }
      dragged = true;
      if (others.length) {
        const other = pointers.get(others[0]);
        const apart = function (one) { return Math.hypot(one.x - other.x, one.y - other.y) || 1; };
        zoom(apart(after) / apart(before), placeOf(map, { clientX: (after.x + other.x) / 2, clientY: (after.y + other.y) / 2 }));
      } else {
        look(view.x - (after.x - before.x) / scale(map), view.y - (after.y - before.y) / scale(map), view.w);
      }
      pointers.set(event.pointerId, after);
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      map.addEventListener(name, function (event) {
        pointers.delete(event.pointerId);
        if (dragged) { write(); }
      });
    });
    map.addEventListener("pointerover", function (event) { hover(codeAt(event)); });
    map.addEventListener("pointerleave", function (event) {
      if (!map.hasPointerCapture(event.pointerId)) { pointers.delete(event.pointerId); }
      hover(null);
    });
    map.addEventListener("click", function (event) {
      if (!dragged && (codeAt(event) || picked)) { pick(codeAt(event) || picked, { scroll: true }); }
    });
    map.addEventListener("keydown", function (event) {
      const keys = {
        ArrowLeft: [move, -0.2, 0], ArrowRight: [move, 0.2, 0], ArrowUp: [move, 0, -0.2], ArrowDown: [move, 0, 0.2],
        "+": [zoom, STEP], "=": [zoom, STEP], "-": [zoom, 1 / STEP], 0: [goHome], Home: [goHome],
      };
      const [act, ...how] = keys[event.key] || [];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) { return; }
      event.preventDefault();
      act(...how);
    });
  });

  document.querySelectorAll("[data-move]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      if (button.dataset.move === "home") { goHome(); } else { zoom(button.dataset.move === "in" ? STEP : 1 / STEP); }
    });
  });
  const table = byId("compared");
  table.addEventListener("click", function (event) {
    const row = event.target.closest("tr[data-code]");
    if (row && !event.target.closest("a")) { pick(row.dataset.code, { seek: true }); }
  });
  table.addEventListener("mouseover", function (event) {
    const row = event.target.closest("tr[data-code]");
    hover(row ? row.dataset.code : null);
  });
  table.addEventListener("mouseleave", function () { hover(null); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && picked) { pick(picked); }
  });
  addEventListener("hashchange", read);
  new ResizeObserver(draw).observe(maps[0]);
  read();
})();

/* Draws the layers that the published map script names. Text from the data is only ever
   written with textContent; colors are classes of the style sheet. */
(function () {
  "use strict";
  const NAMES_FROM_ZOOM = 12;
  const CLUSTERS_FROM_ZOOM = 10;  // farther out a cell of 500 m is a dot
  const host = document.getElementById("map_overview");
  const VILLAGES_FROM_ZOOM = 10.5;  // farther out they are too small to be told apart
  const villages = new Map();   // code -> layer of its shape
  const districts = new Map();  // code -> layer of its outline, where villages come by district
  const edges = new Map();      // code -> outline on the edges of its villages, once they are here
  const asked = new Set();      // layers on the way or here
  const failed = new Set();
  const later = [];             // what waits until the districts are drawn
  const labels = [];            // what may collide, most important first
  const listeners = { hover: [], pick: [], district: [], area: [], level: [], ready: [], full: [], frame: [] };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let map = null;
  let bounds = null;
  let moved = false;
  let beforePaper = null;       // what was in view, while the map is drawn for a sheet
  let marked = null;
  let hovered = null;
  let hatched = [];
  let opened = null;
  let level = "villages";       // what the map tells of: one legend at a time
  const byDistrict = host.dataset.first === "districts";

  const HOME = "M3 10 10 4l7 6M5 9v7h10V9";
  const FULL = "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5";
  const PANES = { neighbors: 250, outlines: 280, villages: 300, hatches: 330, districts: 350, unmatched: 365, clusters: 370, facilities: 380, marks: 390, labels: 450 };
  const DRAWERS = { neighbors: drawNeighbors, villages: drawVillages, districts: drawDistricts, outlines: drawOutlines, clusters: drawClusters, unmatched: drawUnmatched };

  window.geoTarget = { frame, draw, on, paint, paintDistricts, hatch, mark, hover, open, go, goAmong, hoverDistrict, showClusters, showUnmatched, home, villages, addLabel, dropLabels, untangle, tipOf, bringIn, addButton, kept: [] };

  function on(name, listener) { listeners[name].push(listener); }
  function tell(name, value) { listeners[name].forEach(function (listener) { listener(value); }); }

  /* ------------------------------------------------ called by the published script */

  function frame(created, corners) {
    map = created;
    bounds = L.latLngBounds(corners);
    Object.entries(PANES).forEach(function ([name, order]) {
      map.createPane(name).style.zIndex = order;
    });
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
    nameButtons();
    home();
    moved = false;
    map.on("zoomend moveend", untangle);
    map.on("moveend", look);
    map.on("dragstart", function () { moved = true; });
    host.addEventListener("wheel", function () { moved = true; }, { passive: true });
    new ResizeObserver(function () {
      if (beforePaper) { return; }
      map.invalidateSize({ animate: false, pan: false });
      if (!moved) { home(); }
      untangle();
    }).observe(host);
    map.on("click", function () { tell("pick", null); });
    addEventListener("beforeprint", toPaper);
    addEventListener("afterprint", fromPaper);
    tell("frame", map);
  }

  /* Paper has a size of its own: the map is drawn for it, with what was in view, and back again. */
  function toPaper() {
    if (beforePaper) { return; }
    const seen = map.getBounds();
    beforePaper = { center: map.getCenter(), zoom: map.getZoom(), moved };
    resize(true);
    if (moved) { map.fitBounds(seen, { animate: false }); } else { home(); }
    untangle();
  }

  function fromPaper() {
    if (!beforePaper) { return; }
    resize(false);
    map.setView(beforePaper.center, beforePaper.zoom, { animate: false });
    moved = beforePaper.moved;
    beforePaper = null;
    untangle();
  }

  function resize(isPaper) {
    host.classList.toggle("on-paper", isPaper);
    map.invalidateSize({ animate: false, pan: false });
  }

  function draw(created, name) {
    if (!byDistrict) { load(name); return; }
    if (name === "districts") { load("outlines"); return; }
    if (name !== "villages") { later.push(name); }
  }

  function load(name) {
    if (asked.has(name)) { return; }
    asked.add(name);
    failed.delete(name);
    const kind = name.split("-")[0];
    const slow = setTimeout(function () { wait(true); }, 1000);
    bringIn(name)
      .then(function (data) {
        DRAWERS[kind](data);
        untangle();
        tell("ready", kind);
        if (kind === "outlines") { look(); later.splice(0).forEach(load); }
      })
      .catch(function () {
        asked.delete(name);
        failed.add(name);
      })
      .finally(function () {
        clearTimeout(slow);
        wait(false);
        tellFailed();
      });
  }

  /* From the service, or from the page itself where that is a file that was carried away. */
  function bringIn(name) {
    const inside = document.querySelector(`script[data-layer="${name}"]`);
    if (inside) { return Promise.resolve(inside.textContent).then(JSON.parse); }
    return fetch(host.dataset.layers.replace("NAME", name)).then(function (reply) {
      if (reply.status === 401) { location.reload(); }  // the session has ended: to the form
      if (!reply.ok) { throw new Error(String(reply.status)); }
      return reply.json();
    });
  }

  function wait(shown) {
    const words = document.getElementById("map-wait");
    if (words) { words.hidden = !shown; }
  }

  function tellFailed() {
    const fault = document.getElementById("map-fault");
    const some = Array.from(failed).every(function (name) { return name.includes("-"); });
    fault.querySelector("span").textContent = some ? host.dataset.failedPart : host.dataset.failed;
    fault.hidden = failed.size === 0;
  }

  function again() {
    const names = Array.from(failed);
    failed.clear();
    tellFailed();
    names.forEach(load);
    if (host.tabIndex >= 0) { host.focus({ preventScroll: true }); }
  }
  document.getElementById("map-again").addEventListener("click", again);

  /* ------------------------------------------------ districts from afar, their villages near */

  function near() {
    return Math.max(VILLAGES_FROM_ZOOM, map.getBoundsZoom(bounds) + 0.5);
  }

  /* Which of the two the map shows, and the villages of the districts in sight. */
  function look() {
    if (districts.size === 0) { return; }
    const now = map.getZoom() >= near() ? "villages" : "districts";
    if (now !== level) {
      level = now;
      tell("level", level);
    }
    host.classList.toggle("outlined", level === "districts");
    untangle();
    if (level === "districts") { return; }
    const sight = map.getBounds();
    districts.forEach(function (layer, code) {
      if (layer.getBounds().intersects(sight)) { bring(code); }
    });
  }

  function bring(district) {
    const name = "villages-" + district;
    if (!failed.has(name)) { load(name); }  // what failed is tried again when one asks for it
  }

  function open(district, { look = false } = {}) {
    if (opened) { opened.forEach(function (layer) { layer.remove(); }); opened = null; }
    const layer = districts.get(district);
    if (!layer) { return; }
    opened = outline(edges.get(district) || layer, ["picked-casing", "opened"]);
    if (look) { go(district); }
  }

  /* Where the villages of a district can be told apart; they come on the way. */
  function go(district) {
    const layer = districts.get(district);
    if (!layer) { return; }
    load("villages-" + district);
    moved = true;
    const around = layer.getBounds();
    const zoom = Math.max(near(), Math.min(14, map.getBoundsZoom(around.pad(0.1))));
    const middle = map.project(around.getCenter(), zoom).subtract([besideMap() / 2, 0]);
    map.setView(map.unproject(middle, zoom), zoom, { animate: !calm.matches });
  }

  /* Where several districts or villages are seen together, with no request for more of them. */
  function goAmong(codes) {
    const shapes = codes.map(function (code) { return districts.get(code) || villages.get(code); }).filter(Boolean);
    if (!shapes.length) { return; }
    moved = true;
    const around = L.latLngBounds(shapes.map(function (shape) { return shape.getBounds(); }));
    map.fitBounds(around, { paddingTopLeft: [besideMap() + 16, 16], paddingBottomRight: [24, 16], maxZoom: byDistrict ? near() - 0.5 : 14, animate: !calm.matches });
  }

  function hoverDistrict(code) {
    if (hovered) { hovered.forEach(function (layer) { layer.remove(); }); hovered = null; }
    if (districts.has(code)) { hovered = outline(districts.get(code), ["hovered"]); }
  }

  /* ------------------------------------------------ layers */

  function drawNeighbors(data) {
    L.geoJSON(data, { pane: "neighbors", interactive: false, className: "land" }).addTo(map);
  }

  function drawVillages(data) {
    drawEdge(data.features.find(function (feature) { return !feature.properties.village_code; }));
    L.geoJSON(data, {
      pane: "villages",
      filter: function (feature) { return Boolean(feature.properties.village_code); },
      style: { className: "village", fillOpacity: 1, smoothFactor: 0.4 },
      onEachFeature: function (feature, layer) {
        const properties = feature.properties;
        villages.set(properties.village_code, layer);
        layer.on({
          mouseover: function () { tell("hover", properties.village_code); },
          mouseout: function () { tell("hover", null); },
          click: function (event) {
            L.DomEvent.stopPropagation(event);
            tell("pick", properties.village_code);
          },
        });
        layer.bindTooltip(function () { return tip(properties); }, { sticky: true, direction: "top", className: "tip", offset: [0, -6] });
        addLabel("village-name", properties.label, properties.village_name, 1000 + (geoTarget.rankOf ? geoTarget.rankOf(properties.village_code) : 999));
      },
    }).addTo(map);
  }

  /* The outline that comes with the villages of a district takes the place of the coarse one. */
  function drawEdge(feature) {
    if (!feature) { return; }
    const code = feature.properties.district_code;
    const drawn = L.geoJSON(feature, { pane: "districts", interactive: false, style: { className: "district-line near", fill: false, smoothFactor: 0.4 } }).addTo(map);
    edges.set(code, drawn.getLayers()[0]);
    districts.get(code).getElement().classList.add("drawn");
  }

  function drawOutlines(data) {
    L.geoJSON(data, {
      pane: "outlines",
      style: { className: "area", fillOpacity: 1, smoothFactor: 0.4 },
      onEachFeature: function (feature, layer) {
        const properties = feature.properties;
        districts.set(properties.district_code, layer);
        layer.on({
          mouseover: function () { tell("area", properties.district_code); },
          mouseout: function () { tell("area", null); },
          click: function (event) {
            L.DomEvent.stopPropagation(event);
            tell("district", properties.district_code);
          },
        });
        layer.bindTooltip(function () { return tipOf(properties.district_name, geoTarget.describeDistrict(properties.district_code)); }, { sticky: true, direction: "top", className: "tip", offset: [0, -6] });
        addLabel("district-name", properties.label, properties.district_name, geoTarget.rankOfDistrict(properties.district_code) / 1000);
      },
    }).addTo(map);
  }

  function drawDistricts(data) {
    L.geoJSON(data, { pane: "districts", interactive: false, style: { className: "district-line", fill: false, smoothFactor: 0.4 } }).addTo(map);
    data.features.forEach(function (feature) {
      addLabel("district-name", feature.properties.label, feature.properties.district_name, 0);
    });
  }

  function drawClusters(data) {
    const cells = data.features.filter(function (feature) { return feature.properties.kind === "points"; });
    ["cell-casing", "cell-line"].forEach(function (name) {
      L.geoJSON(cells, { pane: "clusters", interactive: false, style: { className: name, fill: false, smoothFactor: 0 } }).addTo(map);
    });
    data.features.forEach(function (feature) {
      const properties = feature.properties;
      if (properties.kind === "points") {
        const families = properties.uncovered_families;
        const cell = L.geoJSON(feature).getBounds();
        addLabel("cell-count", [cell.getEast(), cell.getCenter().lat], countOf(properties), 200 - (families || 0) / 1000, properties.cluster_id);
      } else {
        const [lon, lat] = feature.geometry.coordinates;
        addLabel("rw-count", [lon, lat], number.format(properties.rw_clusters) + "\u00a0RW", 500 - properties.rw_clusters);
      }
    });
  }

  /* Where the count is withheld, at least how many. */
  function countOf(properties) {
    if (properties.uncovered_families !== null) { return number.format(properties.uncovered_families); }
    return properties.uncovered_at_least ? "\u2265\u00a0" + number.format(properties.uncovered_at_least) : "";
  }

  /* Families that nothing could be compared of: a question of data, drawn only when asked for. */
  function drawUnmatched(data) {
    data.features.forEach(function (feature) {
      const families = feature.properties.uncovered_families;
      const text = families === null ? "" : number.format(families);
      if (feature.properties.kind === "points") {
        L.geoJSON(feature, { pane: "unmatched", interactive: false, style: { className: "unmatched-line", fill: false, smoothFactor: 0 } }).addTo(map);
        const cell = L.geoJSON(feature).getBounds();
        addLabel("unmatched-count", [cell.getEast(), cell.getCenter().lat], text, 600 - (families || 0) / 1000);
      } else {
        addLabel("unmatched-count", feature.geometry.coordinates, text, 700);
      }
    });
  }

  /* ------------------------------------------------ labels */

  function addLabel(kind, place, text, order, cluster) {
    const words = document.createElement("span");
    if (cluster && text && host.dataset.cluster) {
      const link = document.createElement("a");
      link.href = host.dataset.cluster.replace("NAME", encodeURIComponent(cluster));
      link.tabIndex = -1;  // the list of clusters is the keyboard's way to one
      link.textContent = text;
      words.append(link);
    } else {
      words.textContent = text;
    }
    const icon = L.divIcon({ className: "label " + kind, html: words, iconSize: null });
    const marker = L.marker([place[1], place[0]], { icon, pane: "labels", interactive: false, keyboard: false }).addTo(map);
    labels.push({ kind, order, words, marker, element: marker.getElement() });
  }

  function dropLabels(kind) {
    labels.filter(function (label) { return label.kind === kind; }).forEach(function (label) {
      label.marker.remove();
      labels.splice(labels.indexOf(label), 1);
    });
  }

  /* Shows what fits, most important first; names of villages only from a zoom on. */
  function untangle() {
    if (!map) { return; }
    labels.sort(function (one, other) { return one.order - other.order; });
    const names = map.getZoom() >= NAMES_FROM_ZOOM;
    host.classList.toggle("narrow", host.clientWidth < 480);
    host.classList.toggle("far", map.getZoom() < CLUSTERS_FROM_ZOOM);
    const [beside, above] = level === "districts" ? [14, 7] : [3, 1];  // few names, where all are small
    const taken = [];
    const boxes = labels.map(function (label) { return label.words.getBoundingClientRect(); });
    labels.forEach(function (label, index) {
      const box = boxes[index];
      if (!box.width) { return; }
      const early = label.kind === "village-name" && !names;
      const hit = early || taken.some(function (other) {
        return box.left < other.right + beside && box.right > other.left - beside && box.top < other.bottom + above && box.bottom > other.top - above;
      });
      label.element.classList.toggle("away", hit);
      if (!hit) { taken.push(box); }
    });
  }

  function tip(properties) {
    return tipOf(properties.village_name, geoTarget.describe ? geoTarget.describe(properties.village_code) : properties.district_name);
  }

  function tipOf(title, words) {
    const box = document.createElement("div");
    const name = document.createElement("strong");
    const place = document.createElement("span");
    name.textContent = title;
    place.textContent = words;
    box.append(name, place);
    return box;
  }

  /* ------------------------------------------------ what the page asks for */

  function paint(indicator, tokenOf) {
    host.dataset.indicator = indicator;
    villages.forEach(function (layer, code) {
      const token = tokenOf(code);
      const path = layer.getElement();
      layer.setStyle({ fillColor: token === "withheld" ? "url(#pattern-withheld)" : "#fff" });
      if (path) {
        path.setAttribute("class", "village leaflet-interactive " + indicator + " " + token);
        path.setAttribute("tabindex", "-1");  // the table is the keyboard's way to a village
      }
      if (token === "none") { layer.bringToFront(); }  // its dotted border lies over its neighbors'
    });
  }

  function paintDistricts(indicator, tokenOf) {
    districts.forEach(function (layer, code) {
      const token = tokenOf(code);
      const path = layer.getElement();
      layer.setStyle({ fillColor: token === "withheld" ? "url(#pattern-withheld)" : "#fff" });
      path.setAttribute("class", "area village leaflet-interactive " + indicator + " " + token + (edges.has(code) ? " drawn" : ""));
      path.setAttribute("tabindex", "-1");
      if (token === "none") { layer.bringToFront(); }
    });
  }

  /* A second, coarser hatch over the colors of some villages. */
  function hatch(codes) {
    hatched.forEach(function (layer) { layer.remove(); });
    hatched = codes.map(function (code) {
      return L.geoJSON(villages.get(code).feature, { pane: "hatches", interactive: false, style: { className: "stale", stroke: false, fillColor: "url(#pattern-stale)", fillOpacity: 1, smoothFactor: 0.4 } }).addTo(map);
    });
  }

  function mark(code, { look = false } = {}) {
    if (marked) { marked.forEach(function (layer) { layer.remove(); }); marked = null; }
    const layer = villages.get(code);
    if (!layer) { return; }
    marked = outline(layer, ["picked-casing", "picked"]);
    if (look && !map.getBounds().pad(-0.1).contains(layer.getBounds())) {
      moved = true;
      map.fitBounds(layer.getBounds().pad(1.2), { maxZoom: 14, animate: !calm.matches });
    }
  }

  function hover(code) {
    if (hovered) { hovered.forEach(function (layer) { layer.remove(); }); hovered = null; }
    const layer = villages.get(code);
    if (layer) { hovered = outline(layer, ["hovered"]); }
  }

  function outline(layer, names) {
    return names.map(function (name) {
      return L.geoJSON(layer.feature, { pane: "marks", interactive: false, style: { className: name, fill: false, smoothFactor: 0.4 } }).addTo(map);
    });
  }

  function showClusters(shown) {
    host.classList.toggle("no-clusters", !shown);
    untangle();
  }

  function showUnmatched(shown) {
    host.classList.toggle("no-unmatched", !shown);
    untangle();
  }

  /* Width that the legend covers on the left. */
  function besideMap() {
    const legends = document.getElementById("legends");
    if (beforePaper) { return legends.offsetWidth; }
    return getComputedStyle(legends).position === "absolute" ? legends.offsetWidth : 0;
  }

  function home() {
    map.stop();
    map.fitBounds(bounds, { paddingTopLeft: [besideMap() + 16, 16], paddingBottomRight: [24, 16], animate: false });
    moved = false;
  }

  function nameButtons() {
    [["in", host.dataset.zoomIn], ["out", host.dataset.zoomOut]].forEach(function ([way, words]) {
      const button = host.querySelector(".leaflet-control-zoom-" + way);
      if (button) { button.title = words; button.setAttribute("aria-label", words); }
    });
    const buttons = L.control({ position: "topright" });
    buttons.onAdd = function () {
      const box = L.DomUtil.create("div", "leaflet-bar map-buttons");
      box.append(button("home", HOME, host.dataset.home, home));
      if (document.fullscreenEnabled) { box.append(button("full", FULL, host.dataset.full, toggleFull)); }
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    buttons.addTo(map);
  }

  function addButton(name, path, words, act) {
    host.querySelector(".map-buttons").append(button(name, path, words, act));
  }

  function drawing(path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const line = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 20 20");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  function button(name, path, words, act) {
    const made = L.DomUtil.create("button", "map-button map-button-" + name);
    made.type = "button";
    made.append(drawing(path));
    made.title = words;
    made.setAttribute("aria-label", words);
    made.addEventListener("click", act);
    return made;
  }

  function toggleFull() {
    const region = document.getElementById("map-region");
    if (document.fullscreenElement) { document.exitFullscreen(); } else { region.requestFullscreen(); }
  }
  document.addEventListener("fullscreenchange", function () {
    const made = host.querySelector(".map-button-full");
    const words = document.fullscreenElement ? host.dataset.leaveFull : host.dataset.full;
    made.title = words;
    made.setAttribute("aria-label", words);
    tell("full", Boolean(document.fullscreenElement));
    requestAnimationFrame(function () {
      map.invalidateSize({ animate: false, pan: false });
      home();
    });
  });
})();

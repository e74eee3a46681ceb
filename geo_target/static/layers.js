/* Draws the layers that the published map script names. Text from the data is only ever
   written with textContent; colors are classes of the style sheet. */
(function () {
  "use strict";
  const NAMES_FROM_ZOOM = 12;
  const CLUSTERS_FROM_ZOOM = 10;  // farther out a cell of 500 m is a dot
  const host = document.getElementById("map_overview");
  const villages = new Map();   // code -> layer of its shape
  const labels = [];            // what may collide, most important first
  const listeners = { hover: [], pick: [], ready: [], full: [] };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let map = null;
  let bounds = null;
  let moved = false;
  let marked = null;
  let hovered = null;
  let hatched = [];

  const HOME = "M3 10 10 4l7 6M5 9v7h10V9";
  const FULL = "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5";
  const PANES = { neighbors: 250, villages: 300, hatches: 330, districts: 350, clusters: 370, marks: 390, labels: 450 };
  const DRAWERS = { neighbors: drawNeighbors, villages: drawVillages, districts: drawDistricts, clusters: drawClusters };

  window.geoTarget = { frame, draw, on, paint, hatch, mark, hover, showClusters, home, villages };

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
    map.on("dragstart", function () { moved = true; });
    host.addEventListener("wheel", function () { moved = true; }, { passive: true });
    new ResizeObserver(function () {
      map.invalidateSize({ animate: false, pan: false });
      if (!moved) { home(); }
      untangle();
    }).observe(host);
    map.on("click", function () { tell("pick", null); });
  }

  function draw(created, name) {
    fetch(host.dataset.layers.replace("NAME", name))
      .then(function (reply) {
        if (!reply.ok) { throw new Error(String(reply.status)); }
        return reply.json();
      })
      .then(function (data) {
        DRAWERS[name](data);
        labels.sort(function (one, other) { return one.order - other.order; });
        untangle();
        tell("ready", name);
      })
      .catch(function () {
        const fault = document.getElementById("map-fault");
        fault.textContent = host.dataset.failed;
        fault.hidden = false;
      });
  }

  /* ------------------------------------------------ layers */

  function drawNeighbors(data) {
    L.geoJSON(data, { pane: "neighbors", interactive: false, className: "land" }).addTo(map);
  }

  function drawVillages(data) {
    L.geoJSON(data, {
      pane: "villages",
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
        addLabel("village-name", properties.label, properties.village_name, 1000 + (properties.priority_rank || 999));
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
        addLabel("cell-count", [cell.getEast(), cell.getCenter().lat], families === null ? "" : number.format(families), 200 - (families || 0) / 1000);
      } else {
        const [lon, lat] = feature.geometry.coordinates;
        addLabel("rw-count", [lon, lat], number.format(properties.rw_clusters) + "\u00a0RW", 500 - properties.rw_clusters);
      }
    });
  }

  /* ------------------------------------------------ labels */

  function addLabel(kind, place, text, order) {
    const words = document.createElement("span");
    words.textContent = text;
    const icon = L.divIcon({ className: "label " + kind, html: words, iconSize: null });
    const marker = L.marker([place[1], place[0]], { icon, pane: "labels", interactive: false, keyboard: false }).addTo(map);
    labels.push({ kind, order, words, element: marker.getElement() });
  }

  /* Shows what fits, most important first; names of villages only from a zoom on. */
  function untangle() {
    if (!map) { return; }
    const names = map.getZoom() >= NAMES_FROM_ZOOM;
    host.classList.toggle("narrow", host.clientWidth < 480);
    host.classList.toggle("far", map.getZoom() < CLUSTERS_FROM_ZOOM);
    const taken = [];
    const boxes = labels.map(function (label) { return label.words.getBoundingClientRect(); });
    labels.forEach(function (label, index) {
      const box = boxes[index];
      if (!box.width) { return; }
      const early = label.kind === "village-name" && !names;
      const hit = early || taken.some(function (other) {
        return box.left < other.right + 3 && box.right > other.left - 3 && box.top < other.bottom + 1 && box.bottom > other.top - 1;
      });
      label.element.classList.toggle("away", hit);
      if (!hit) { taken.push(box); }
    });
  }

  function tip(properties) {
    const box = document.createElement("div");
    const name = document.createElement("strong");
    const place = document.createElement("span");
    name.textContent = properties.village_name;
    place.textContent = geoTarget.describe ? geoTarget.describe(properties.village_code) : properties.district_name;
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

  function home() {
    const legends = document.getElementById("legends");
    const beside = getComputedStyle(legends).position === "absolute" ? legends.offsetWidth : 0;
    map.stop();
    map.fitBounds(bounds, { paddingTopLeft: [beside + 16, 16], paddingBottomRight: [24, 16], animate: false });
    moved = false;
  }

  function nameButtons() {
    [["in", host.dataset.zoomIn], ["out", host.dataset.zoomOut]].forEach(function ([way, words]) {
      const button = host.querySelector(".leaflet-control-zoom-" + way);
      if (button) { button.title = words; button.setAttribute("aria-label", words); }
    });
    const buttons = L.control({ position: "topright" });
    buttons.onAdd = function () {
      const box = L.DomUtil.create("div", "leaflet-bar");
      box.append(button("home", HOME, host.dataset.home, home));
      if (document.fullscreenEnabled) { box.append(button("full", FULL, host.dataset.full, toggleFull)); }
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    buttons.addTo(map);
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

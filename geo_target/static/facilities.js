/* Facilities on the map: fetched by kind when one is chosen, drawn where they are in sight. Names
   are text; a glyph's outline stands in the legend. */
(function () {
  "use strict";
  const NAMES_FROM_ZOOM = 14;
  const MOST = 1000;     // of a kind in sight: more would be one blot
  const FOCUSED = 60;    // in sight: so many are steps of the keyboard, not more
  const choice = document.getElementById("facilities");
  if (!choice) { return; }
  const legend = document.getElementById("legend-facilities");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const kinds = new Map();  // key -> what is known of a kind
  let map = null;
  let glyphs = null;        // the group of those in sight

  const Glyph = L.CircleMarker.extend({
    _updatePath: function () {
      this._path.setAttribute("d", this.options.shape);
      this._path.setAttribute("transform", `translate(${this._point.x} ${this._point.y})`);
    },
  });

  choice.querySelectorAll("input").forEach(function (box) {
    const entry = legend.querySelector(`[data-facility="${box.value}"]`);
    kinds.set(box.value, {
      box, entry, layer: box.dataset.layer, title: entry.querySelector("a, span").textContent,
      glyph: entry.querySelector("path"), places: null, asked: false,
    });
  });

  function chosen() { return Array.from(kinds.values()).filter(function (kind) { return kind.box.checked; }); }

  function show() {
    const some = chosen();
    kinds.forEach(function (kind) { kind.entry.hidden = !kind.box.checked; });
    legend.hidden = some.length === 0;
    document.getElementById("facilities-chosen").textContent = some.length ? number.format(some.length) : "";
    if (!map) { return; }
    some.forEach(bring);
    draw();
  }

  function bring(kind) {
    if (kind.asked) { return; }
    kind.asked = true;
    geoTarget.bringIn(kind.layer).then(function (data) {
      kind.places = data.features;
      say("");
      draw();
    }).catch(function () {
      kind.asked = false;
      kind.box.checked = false;
      show();
      say(choice.dataset.failed);
    });
  }

  function say(words) {
    const fault = document.getElementById("facilities-fault");
    fault.textContent = words;
    fault.classList.toggle("unseen", !words);
    if (words) { legend.hidden = false; }
  }

  function draw() {
    glyphs.clearLayers();
    geoTarget.dropLabels("facility-name");
    const sight = map.getBounds().pad(0.1);
    const named = map.getZoom() >= NAMES_FROM_ZOOM;
    const drawn = [];
    chosen().forEach(function (kind) {
      const near = (kind.places || []).filter(function (place) {
        const [lon, lat] = place.geometry.coordinates;
        return sight.contains([lat, lon]);
      });
      const many = near.length > MOST;
      kind.entry.querySelector("[data-note]").textContent = many ? choice.dataset.many : "";
      if (!many) { near.forEach(function (place) { drawn.push([kind, place]); }); }
    });
    drawn.forEach(function ([kind, place], index) {
      const [lon, lat] = place.geometry.coordinates;
      const name = place.properties.name || `${kind.title}, ${choice.dataset.nameless}`;
      const glyph = new Glyph([lat, lon], {
        pane: "facilities", radius: 8, shape: kind.glyph.getAttribute("d"), className: kind.glyph.getAttribute("class"),
        stroke: false, fill: true, fillOpacity: 1, bubblingMouseEvents: false,
      });
      glyph.bindTooltip(geoTarget.tipOf(name, kind.title), { direction: "top", className: "tip", offset: [0, -8] });
      glyphs.addLayer(glyph);
      const path = glyph.getElement();
      path.setAttribute("role", "img");
      path.setAttribute("aria-label", `${name}, ${kind.title}`);
      path.setAttribute("tabindex", drawn.length <= FOCUSED ? "0" : "-1");
      if (named && place.properties.name) { geoTarget.addLabel("facility-name", [lon, lat], name, 3000 + index); }
    });
    geoTarget.untangle();
  }

  choice.addEventListener("change", function () {
    say("");
    show();
    geoTarget.keep();
  });
  document.addEventListener("click", function (event) {
    if (!choice.contains(event.target)) { choice.open = false; }
  });
  choice.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !choice.open) { return; }
    event.stopPropagation();
    choice.open = false;
    choice.querySelector("summary").focus();
  });

  geoTarget.kept.push({
    read: function (words) {
      const asked = (words.get("fasilitas") || "").split(",");
      kinds.forEach(function (kind, key) { kind.box.checked = asked.includes(key); });
      show();
    },
    write: function (words) {
      const keys = Array.from(kinds.keys()).filter(function (key) { return kinds.get(key).box.checked; });
      if (keys.length) { words.set("fasilitas", keys.join(",")); }
    },
  });
  geoTarget.on("frame", function (created) {
    map = created;
    glyphs = L.layerGroup().addTo(map);
    map.on("moveend", draw);
    show();
  });
})();

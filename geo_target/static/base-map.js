/* Tiles of the service's own file beneath the villages, when one asks for them. */
(function () {
  "use strict";
  const box = document.getElementById("base-map");
  let map = null;
  let tiles = null;

  function show() {
    document.getElementById("legend-base").hidden = !box.checked;
    if (!map) { return; }
    map.getContainer().classList.toggle("based", box.checked);
    if (!box.checked) {
      if (tiles) { tiles.remove(); }
      return;
    }
    const least = Number(box.dataset.least);
    tiles = tiles || L.tileLayer(box.dataset.tiles, {
      minZoom: Math.max(0, least - 2), minNativeZoom: least, maxNativeZoom: Number(box.dataset.most), maxZoom: 18,
    });
    tiles.addTo(map);
  }

  box.addEventListener("change", function () {
    show();
    geoTarget.keep();
  });
  geoTarget.kept.push({
    read: function (words) {
      box.checked = words.get("dasar") === "1";
      show();
    },
    write: function (words) {
      if (box.checked) { words.set("dasar", "1"); }
    },
  });
  geoTarget.on("frame", function (created) {
    map = created;
    show();
  });
})();

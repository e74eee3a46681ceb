/* One selection and one indicator, shown by the table, the map and the address. The public's
   page has one indicator, no clusters and no page of a village. */
(function () {
  "use strict";
  const byId = function (id) { return document.getElementById(id); };
  const table = byId("ranked");
  const rows = new Map();
  const state = { indicator: "uncovered", village: null, clusters: true };
  const INDICATORS = Array.from(document.querySelectorAll("[data-legend]"), function (legend) { return legend.dataset.legend; });

  table.querySelectorAll("tbody tr").forEach(function (row) { rows.set(row.dataset.code, row); });

  /* ------------------------------------------------ the address keeps the view */

  function read() {
    const words = new URLSearchParams(location.hash.slice(1));
    const asked = words.get("peta");
    state.indicator = INDICATORS.includes(asked) ? asked : "uncovered";
    state.village = rows.has(words.get("kode")) ? words.get("kode") : null;
    state.clusters = words.get("klaster") !== "0";
  }

  function write() {
    const words = new URLSearchParams();
    if (state.indicator !== "uncovered") { words.set("peta", state.indicator); }
    if (state.village) { words.set("kode", state.village); }
    if (!state.clusters) { words.set("klaster", "0"); }
    const hash = words.toString();
    history.replaceState(null, "", hash ? "#" + hash : location.pathname);
  }

  /* ------------------------------------------------ what is shown */

  function showIndicator() {
    table.dataset.indicator = state.indicator;
    document.querySelectorAll("[data-legend]").forEach(function (legend) {
      legend.hidden = legend.dataset.legend !== state.indicator;
    });
    const choice = document.querySelector(`input[name="indicator"][value="${state.indicator}"]`);
    if (choice) { choice.checked = true; }
    geoTarget.paint(state.indicator, function (code) {
      return rows.has(code) ? rows.get(code).dataset[state.indicator] : "none";
    });
  }

  function showClusters() {
    if (!byId("clusters")) { return; }
    byId("clusters").checked = state.clusters;
    byId("legend-clusters").hidden = !state.clusters;
    geoTarget.showClusters(state.clusters);
  }

  function showVillage({ look = false, scroll = false, speak = false } = {}) {
    rows.forEach(function (row, code) {
      const picked = code === state.village;
      row.classList.toggle("picked", picked);
      row.querySelector(".pick").setAttribute("aria-pressed", String(picked));
    });
    geoTarget.mark(state.village, { look });
    const row = rows.get(state.village);
    byId("card").hidden = !row;
    if (!row) { return; }
    fillCard(row);
    if (scroll) {
      row.classList.remove("later");
      const list = byId("list");
      if (list.scrollHeight > list.clientHeight) {
        list.scrollTop = row.offsetTop - list.clientHeight / 2 + row.offsetHeight / 2;
      }
    }
    if (speak) { byId("spoken").textContent = inWords(row); }
  }

  function pick(code, options) {
    state.village = code === state.village ? null : code;
    write();
    showVillage(options);
  }

  function headOf(column) {
    return table.querySelector(`thead [data-column="${column}"]`).textContent.trim();
  }

  function rankOf(row) {
    return byId("card").dataset.rank.replace("RANK", row.querySelector(".rank").textContent.trim());
  }

  function fillCard(row) {
    byId("card-name").textContent = row.querySelector(".pick").textContent;
    byId("card-district").textContent = row.querySelector(".district").textContent;
    byId("card-rank").textContent = rankOf(row);
    byId("card-clusters").textContent = row.dataset.clusters || "";
    if (byId("card-link")) { byId("card-link").href = row.querySelector(".open a").href; }
    const figures = byId("card-figures");
    figures.replaceChildren();
    row.querySelectorAll("td.figure").forEach(function (cell) {
      const name = document.createElement("dt");
      const figure = document.createElement("dd");
      name.textContent = headOf(cell.dataset.column);
      cell.childNodes.forEach(function (node) { figure.append(node.cloneNode(true)); });
      figure.querySelectorAll(".unseen").forEach(function (words) { words.classList.remove("unseen"); });
      const pair = document.createElement("div");
      pair.append(name, figure);
      figures.append(pair);
    });
  }

  function inWords(row) {
    const figures = Array.from(row.querySelectorAll("td.figure"), function (cell) {
      return headOf(cell.dataset.column) + " " + cell.textContent.trim();
    });
    const name = row.querySelector(".pick").textContent + ", " + row.querySelector(".district").textContent;
    return [name, rankOf(row), ...figures].join(". ");
  }

  /* ------------------------------------------------ search */

  function search() {
    const words = byId("search").value.trim().toLocaleLowerCase();
    let found = 0;
    rows.forEach(function (row) {
      const hit = row.querySelector(".name").textContent.toLocaleLowerCase().includes(words);
      row.hidden = !hit;
      found += hit;
    });
    table.classList.toggle("searching", words !== "");
    byId("nothing").hidden = found > 0;
  }

  function firstFound() {
    const found = Array.from(rows.values()).find(function (row) { return !row.hidden; });
    if (found && byId("search").value.trim()) {
      state.village = null;
      pick(found.dataset.code, { look: true, scroll: true, speak: true });
    }
  }

  function step(from, way) {
    let row = from;
    do { row = way > 0 ? row.nextElementSibling : row.previousElementSibling; } while (row && row.hidden);
    if (row) { row.querySelector(".pick").focus(); }
  }

  /* ------------------------------------------------ hands */

  function onChange(id, act) {
    if (byId(id)) { byId(id).addEventListener("change", act); }
  }
  onChange("indicators", function (event) {
    state.indicator = event.target.value;
    write();
    showIndicator();
  });
  onChange("clusters", function (event) {
    state.clusters = event.target.checked;
    write();
    showClusters();
  });
  table.tBodies[0].addEventListener("click", function (event) {
    const row = event.target.closest("tr");
    if (row && !event.target.closest("a")) { pick(row.dataset.code, { look: true, speak: true }); }
  });
  table.tBodies[0].addEventListener("mouseover", function (event) {
    const row = event.target.closest("tr");
    geoTarget.hover(row ? row.dataset.code : null);
  });
  table.tBodies[0].addEventListener("mouseleave", function () { geoTarget.hover(null); });
  table.tBodies[0].addEventListener("keydown", function (event) {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (way && event.target.matches(".pick")) {
      event.preventDefault();
      step(event.target.closest("tr"), way);
    }
  });
  byId("search").addEventListener("input", search);
  byId("search").addEventListener("keydown", function (event) {
    if (event.key === "Enter") { firstFound(); }
  });
  byId("more").addEventListener("click", function () {
    table.classList.add("whole");
    byId("more").hidden = true;
  });
  byId("card-close").addEventListener("click", function () { pick(state.village); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && state.village && !document.fullscreenElement) { pick(state.village); }
  });
  addEventListener("hashchange", function () { read(); showAll(); });

  function showAll() {
    showIndicator();
    showClusters();
    showVillage({ look: true, scroll: true });
  }

  /* ------------------------------------------------ the map's own news */

  geoTarget.describe = function (code) {
    const cell = rows.get(code).querySelector(`td[data-column="${state.indicator}"]`);
    return cell.textContent.trim();
  };
  geoTarget.on("pick", function (code) {
    if (code === null && !state.village) { return; }
    pick(code === null ? state.village : code, { scroll: true, speak: true });
  });
  geoTarget.on("hover", function (code) {
    geoTarget.hover(code);
    rows.forEach(function (row, other) { row.classList.toggle("hovered", other === code); });
  });
  geoTarget.on("full", function (full) {
    byId(full ? "map-region" : "list-region").append(byId("card"));
  });
  geoTarget.on("ready", function (name) {
    if (name === "villages") { read(); showAll(); }
    if (name === "clusters") { showClusters(); }
  });
  read();
})();

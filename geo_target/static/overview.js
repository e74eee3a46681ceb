/* One selection and one indicator, shown by the table, the map and the address. The public's
   page has one indicator, no clusters and no page of a village. */
(function () {
  "use strict";
  const byId = function (id) { return document.getElementById(id); };
  const table = byId("ranked");
  const rows = new Map();
  const areas = new Map();  // rows of districts, where the map begins with them
  const tables = [table];
  const state = { indicator: "uncovered", village: null, district: null, clusters: true, unmatched: false, stale: false, list: "villages" };
  let level = byId("by-district") ? "districts" : "villages";
  let sought = false;  // a village to be looked at once it is drawn
  const figures = window.geoFigures;  // none on the public's page
  const FIRST = 40;  // rows of a long table that are laid out with the map
  let filling = 0;
  const COLUMNS = ["uncovered", "exclusion", "located"];  // of the table as it comes

  table.querySelectorAll("tbody tr").forEach(function (row) { rows.set(row.dataset.code, row); });
  if (byId("by-district")) {
    tables.push(byId("by-district"));
    byId("by-district").querySelectorAll("tbody tr").forEach(function (row) { areas.set(row.dataset.code, row); });
  }
  const ranks = new Map(Array.from(rows.keys(), function (code, index) { return [code, index]; }));
  const districtRanks = new Map(Array.from(areas.keys(), function (code, index) { return [code, index]; }));

  /* ------------------------------------------------ the address keeps the view */

  function read() {
    const words = new URLSearchParams(location.hash.slice(1));
    const asked = words.get("peta");
    state.indicator = figures && figures.keys.has(asked) ? asked : "uncovered";
    state.village = rows.has(words.get("kode")) ? words.get("kode") : null;
    state.district = within(words.get("kec")).length ? words.get("kec") : null;
    state.regency = byId("regency") && byId("regency").querySelector(`option[value="${CSS.escape(words.get("kab") || "")}"]`) ? words.get("kab") || "" : "";
    if (state.district && state.regency && areas.size) { state.regency = areas.get(state.district).dataset.regency; }
    if (state.district && state.village) { state.district = rows.get(state.village).dataset.district; }
    state.clusters = words.get("klaster") !== "0";
    state.unmatched = words.get("belum-padan") === "1";
    state.stale = words.get("usang") === "1";
    geoTarget.kept.forEach(function (other) { other.read(words); });
  }

  function within(district) {
    return Array.from(rows.keys()).filter(function (code) { return district && rows.get(code).dataset.district === district; });
  }

  function write() {
    const words = new URLSearchParams();
    if (state.indicator !== "uncovered") { words.set("peta", state.indicator); }
    if (state.regency) { words.set("kab", state.regency); }
    if (state.district) { words.set("kec", state.district); }
    if (state.village) { words.set("kode", state.village); }
    if (!state.clusters) { words.set("klaster", "0"); }
    if (state.unmatched) { words.set("belum-padan", "1"); }
    if (state.stale) { words.set("usang", "1"); }
    geoTarget.kept.forEach(function (other) { other.write(words); });
    const hash = words.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", hash ? "#" + hash : location.pathname);
  }

  /* ------------------------------------------------ what is shown */

  function showIndicator() {
    document.querySelectorAll(".legend").forEach(function (legend) {
      legend.hidden = legend.dataset.level !== level;
    });
    if (figures) { figures.showChoice(state.indicator); }
    if (byId("compare")) { byId("compare").search = new URLSearchParams({ kanan: state.indicator }); }
    if (!figures || !figures.isReady()) {
      if (state.indicator === "uncovered") { color(function (row) { return row ? row.dataset.uncovered : "none"; }, "uncovered"); }
      return;  // another one is shown when its figures have come
    }
    showColumn();
    figures.showLegend(state.indicator, level);
    const tone = figures.toneOf(state.indicator);
    color(function (row, place, code) {
      return figures.token(state.indicator, place, figures.figure(state.indicator, place, code));
    }, tone);
  }

  function color(tokenOf, tone) {
    geoTarget.paint(tone, function (code) { return tokenOf(rows.get(code), "villages", code); });
    geoTarget.paintDistricts(tone, function (code) { return tokenOf(areas.get(code), "districts", code); });
  }

  /* The figures of an indicator that the table does not come with, in a column of their own. Of a
     long table the first rows at once, the others when the map has been painted. */
  function showColumn() {
    const isOther = !COLUMNS.includes(state.indicator);
    const isLong = rows.size > 10 * FIRST && byId("list").scrollTop < 400 && !table.classList.contains("searching");
    if (isLong) { table.classList.add("brief"); }
    tables.forEach(function (each) {
      each.dataset.indicator = isOther ? "other" : state.indicator;
      if (isOther) { otherOf(each.tHead.rows[0], "th").textContent = figures.title(state.indicator); }
    });
    const all = isOther ? Array.from(rows.values()) : [];
    const now = isLong ? FIRST : rows.size;
    all.slice(0, now).forEach(fillOther);
    if (isOther) { areas.forEach(fillOther); }
    clearTimeout(filling);
    filling = isLong ? setTimeout(function () { all.slice(now).forEach(fillOther); lengthen(); }, 300) : 0;
    const picked = rows.get(state.village);
    if (picked) {
      if (isOther) { fillOther(picked); }
      fillCard(picked);
    }
  }

  function fillOther(row) {
    const place = row.parentNode.parentNode === table ? "villages" : "districts";
    figures.write(otherOf(row, "td"), state.indicator, figures.figure(state.indicator, place, row.dataset.code));
  }

  function otherOf(row, kind) {
    let cell = row.querySelector('[data-column="other"]');
    if (!cell) {
      cell = document.createElement(kind);
      cell.className = "figure";
      cell.dataset.column = "other";
      if (kind === "th") { cell.scope = "col"; }
      row.querySelector('[data-column="located"]').after(cell);
    }
    return cell;
  }

  /* All figures, once the map is there; at once where the address asks for one of them. */
  function bringFigures() {
    if (!figures || figures.isReady()) { return; }
    figures.load().then(function () {
      byId("figures-fault").hidden = true;
      showIndicator();
      showStale();
    }, function () {
      byId("figures-fault").hidden = false;
      state.indicator = "uncovered";
      write();
      showIndicator();
    });
  }

  function showStale() {
    const box = byId("stale");
    if (!box) { return; }
    box.checked = state.stale;
    byId("legend-stale").hidden = !state.stale || level === "districts";
    geoTarget.hatch(state.stale ? figures.stale().filter(function (code) { return geoTarget.villages.has(code); }) : []);
  }

  function showList() {
    tables.forEach(function (each) {
      const shown = each === (state.list === "districts" ? byId("by-district") : table);
      each.hidden = !shown;
    });
    document.querySelectorAll("#list-title [data-list]").forEach(function (words) {
      words.hidden = words.dataset.list !== state.list;
    });
    const choice = document.querySelector(`input[name="list"][value="${state.list}"]`);
    if (choice) { choice.checked = true; }
    search();
  }

  /* A district that is open: its outline on the map, its villages alone in the table. */
  function showDistrict({ look = false, speak = false } = {}) {
    if (!byId("within")) { return; }
    const own = within(state.district);
    const row = areas.get(state.district) || rows.get(own[0]);
    areas.forEach(function (each, code) {
      each.classList.toggle("picked", code === state.district);
      each.querySelector(".pick").setAttribute("aria-pressed", String(code === state.district));
    });
    geoTarget.open(state.district, { look });
    if (look && !areas.size) { geoTarget.goAmong(own); }
    byId("within").hidden = !row;
    if (row) {
      if (byId("within-page")) { byId("within-page").href = byId("within-page").href.replace(/[^/]*$/, state.district); }
      byId("within").querySelector("span").textContent = areas.size ? row.querySelector(".pick").textContent + ", " + row.querySelector(".district").textContent : row.querySelector(".district").textContent;
      if (speak) { byId("spoken").textContent = inWords(row); }
    }
    showList();
  }

  function pickDistrict(code, options) {
    state.district = code === state.district ? null : code;
    state.village = null;
    if (state.district && state.regency) { state.regency = areas.get(state.district).dataset.regency; }
    if (state.district) {
      state.list = "villages";
      byId("search").value = "";
      byId("list").scrollTop = 0;
    }
    write();
    showRegency();
    showVillage();
    showDistrict(options);
  }

  function showClusters() {
    if (!byId("clusters")) { return; }
    byId("clusters").checked = state.clusters;
    byId("legend-clusters").hidden = !state.clusters || level === "districts";
    geoTarget.showClusters(state.clusters);
    geoTarget.showUnmatched(state.unmatched);
    if (!byId("unmatched")) { return; }
    byId("unmatched").checked = state.unmatched;
    byId("legend-unmatched").hidden = !state.unmatched || level === "districts";
  }

  function showVillage({ look = false, scroll = false, speak = false } = {}) {
    rows.forEach(function (row, code) {
      const picked = code === state.village;
      row.classList.toggle("picked", picked);
      row.querySelector(".pick").setAttribute("aria-pressed", String(picked));
    });
    const row = rows.get(state.village);
    sought = look && Boolean(row) && !geoTarget.villages.has(state.village);
    if (sought && row.dataset.district) { geoTarget.go(row.dataset.district); }
    geoTarget.mark(state.village, { look });
    byId("card").hidden = !row;
    if (!row) { return; }
    fillCard(row);
    if (scroll) {
      lengthen();
      row.classList.remove("later");
      const list = byId("list");
      if (list.scrollHeight > list.clientHeight) {
        list.scrollTop = row.offsetTop - list.clientHeight / 2 + row.offsetHeight / 2;
      }
    }
    if (speak) { byId("spoken").textContent = inWords(row); }
  }

  /* All rows of a long table, once the first of them and the map are there. */
  function lengthen() { table.classList.remove("brief"); }
  addEventListener("load", function () { setTimeout(lengthen, 3000); });
  addEventListener("beforeprint", lengthen);

  function pick(code, options) {
    state.village = code === state.village ? null : code;
    const row = rows.get(state.village);
    if (row && !inRegency(areas.get(row.dataset.district))) {
      state.regency = areas.get(row.dataset.district).dataset.regency;
      showRegency();
      search();
    }
    if (row && state.district && row.dataset.district !== state.district) {
      state.district = row.dataset.district;
      showDistrict();
    }
    write();
    showVillage(options);
  }

  function headOf(column) {
    return table.querySelector(`thead [data-column="${column}"]`).textContent.trim();
  }

  function rankOf(row) {
    const rank = row.querySelector(".rank");
    if (!rank) { return ""; }
    const unranked = rank.querySelector("abbr");
    return unranked ? unranked.title : byId("card").dataset.rank.replace("RANK", rank.textContent.trim());
  }

  function fillCard(row) {
    byId("card-name").textContent = row.querySelector(".pick").textContent;
    byId("card-district").textContent = row.querySelector(".district").textContent;
    byId("card-rank").textContent = rankOf(row);
    const page = row.querySelector(".open a");  // not in a file that was carried away
    if (byId("card-link") && page) { byId("card-link").href = page.href; }
    ["card-sheet", "card-rw"].forEach(function (id) {
      if (byId(id) && page) { byId(id).href = page.href + byId(id).dataset.below; }
    });
    if (byId("card-clusters")) {
      byId("card-clusters").textContent = row.dataset.clusters || "";
      byId("card-clusters").hidden = !row.dataset.clusters;
      if (page) { byId("card-clusters").href = page.href + "#klaster"; }
    }
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
    return [name, rankOf(row), ...figures].filter(Boolean).join(". ");
  }

  /* ------------------------------------------------ search */

  function search() {
    const words = byId("search").value.trim().toLocaleLowerCase();
    const shown = state.list === "districts" ? areas : rows;
    let found = 0;
    shown.forEach(function (row) {
      const inside = shown === areas ? inRegency(row) : state.district ? row.dataset.district === state.district : inRegency(areas.get(row.dataset.district));
      const hit = inside && row.querySelector(".name").textContent.toLocaleLowerCase().includes(words);
      row.hidden = !hit;
      found += hit;
    });
    tables.forEach(function (each) {
      const few = words !== "" || Boolean(state.regency) || (each === table && state.district !== null);
      each.classList.toggle("searching", few);
      moreOf(each).hidden = each.hidden || few || each.classList.contains("whole");
    });
    byId("nothing").hidden = found > 0;
  }

  function inRegency(area) { return !state.regency || Boolean(area) && area.dataset.regency === state.regency; }

  /* The districts of one regency alone, and the way to its page. */
  function showRegency({ look = false } = {}) {
    const choice = byId("regency");
    if (!choice) { return; }
    choice.value = state.regency;
    const page = byId("regency-page");
    if (page) {
      page.hidden = !state.regency;
      page.href = page.href.replace(/[^/]*$/, state.regency || "00.00");
    }
    if (look && state.regency) { geoTarget.goAmong(Array.from(areas.keys()).filter(function (code) { return inRegency(areas.get(code)); })); }
  }

  function moreOf(each) {
    return document.querySelector(`.more[aria-controls="${each.id}"]`);
  }

  function firstFound() {
    const shown = state.list === "districts" ? areas : rows;
    const found = Array.from(shown.values()).find(function (row) { return !row.hidden; });
    if (!found || !byId("search").value.trim()) { return; }
    if (shown === areas) {
      state.district = null;
      pickDistrict(found.dataset.code, { look: true, speak: true });
    } else {
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
  onChange("indicators", function () {
    state.indicator = figures.chosen();
    write();
    showIndicator();
    bringFigures();
  });
  onChange("stale", function (event) {
    state.stale = event.target.checked;
    write();
    showStale();
    bringFigures();
  });
  onChange("clusters", function (event) {
    state.clusters = event.target.checked;
    write();
    showClusters();
  });
  onChange("unmatched", function (event) {
    state.unmatched = event.target.checked;
    write();
    showClusters();
  });
  onChange("regency", function (event) {
    state.regency = event.target.value;
    state.list = "districts";
    state.village = null;
    state.district = null;
    write();
    showRegency({ look: true });
    if (!state.regency) { geoTarget.home(); }
    showVillage();
    showDistrict();
  });
  onChange("lists", function (event) {
    state.list = event.target.value;
    showList();
  });
  tables.forEach(function (each) {
    const body = each.tBodies[0];
    const ofVillages = each === table;
    body.addEventListener("click", function (event) {
      const row = event.target.closest("tr");
      if (!row || event.target.closest("a")) { return; }
      (ofVillages ? pick : pickDistrict)(row.dataset.code, { look: true, speak: true });
      if (!ofVillages) { byId("list").focus({ preventScroll: true }); }  // its row has gone with its list
    });
    body.addEventListener("mouseover", function (event) {
      const row = event.target.closest("tr");
      (ofVillages ? geoTarget.hover : geoTarget.hoverDistrict)(row ? row.dataset.code : null);
    });
    body.addEventListener("mouseleave", function () { geoTarget.hover(null); });
    body.addEventListener("keydown", function (event) {
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (way && event.target.matches(".pick")) {
        event.preventDefault();
        step(event.target.closest("tr"), way);
      }
    });
  });
  if (byId("within-close")) {
    byId("within-close").addEventListener("click", function () {
      pickDistrict(null);
      geoTarget.home();
      byId("search").focus({ preventScroll: true });
    });
  }
  byId("search").addEventListener("input", search);
  byId("search").addEventListener("keydown", function (event) {
    if (event.key === "Enter") { firstFound(); }
  });
  document.querySelectorAll(".more").forEach(function (more) {
    more.addEventListener("click", function () {
      byId(more.getAttribute("aria-controls")).classList.add("whole");
      more.hidden = true;
    });
  });
  byId("card-close").addEventListener("click", function () { pick(state.village); });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || document.fullscreenElement) { return; }
    if (state.village) { pick(state.village); } else if (state.district) { pickDistrict(null); }
  });
  addEventListener("hashchange", function () { read(); showAll(); });

  function showAll() {
    showIndicator();
    showClusters();
    showStale();
    if (state.regency && !state.district && !state.village) { state.list = "districts"; }
    showRegency({ look: !state.village && !state.district });
    showDistrict({ look: !state.village });
    showVillage({ look: true, scroll: true });
  }

  /* ------------------------------------------------ the map's own news */

  function said(place, code) {
    return figures && figures.isReady() ? figures.inWords(state.indicator, figures.figure(state.indicator, place, code)) : "";
  }
  geoTarget.keep = write;  // for what else the address keeps

  geoTarget.describe = function (code) {
    if (said("villages", code)) { return said("villages", code); }
    const cell = rows.get(code).querySelector(`td[data-column="uncovered"]`);
    return cell.textContent.trim();
  };
  geoTarget.rankOf = function (code) { return ranks.has(code) ? ranks.get(code) : 9999; };
  geoTarget.rankOfDistrict = function (code) { return districtRanks.has(code) ? districtRanks.get(code) : 999; };
  geoTarget.describeDistrict = function (code) {
    if (said("districts", code)) { return said("districts", code); }
    const row = areas.get(code);
    const cell = row && row.querySelector('td[data-column="uncovered"]');
    return cell ? cell.textContent.trim() : "";
  };
  geoTarget.on("district", function (code) { pickDistrict(code, { look: code !== state.district, speak: true }); });
  geoTarget.on("area", function (code) {
    geoTarget.hoverDistrict(code);
    areas.forEach(function (row, other) { row.classList.toggle("hovered", other === code); });
  });
  geoTarget.on("level", function (now) {
    level = now;
    showIndicator();
    showClusters();
    showStale();
  });
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
    if (name === "outlines") { requestAnimationFrame(function () { setTimeout(lengthen, 100); }); }
    if (name === "outlines" || (name === "villages" && !areas.size)) {
      read();
      showAll();
      requestAnimationFrame(function () { setTimeout(bringFigures); });
    }
    if (name === "villages" && areas.size) {
      showIndicator();
      showStale();
      geoTarget.open(state.district);
      if (sought && geoTarget.villages.has(state.village)) {
        sought = false;
        geoTarget.mark(state.village, { look: true });
      }
    }
    if (name === "clusters" || name === "unmatched") { showClusters(); }
  });
  read();
})();

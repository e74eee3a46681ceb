/* Figures of places by any indicator, made of the counts that came with the page as
   web/indicators.py makes them: a value, zero, withheld, no data, or a share of too few. */
(function () {
  "use strict";
  const choices = document.getElementById("indicators");
  if (!choices) { return; }  // the public has one indicator
  const SMALLEST_BASE = 20;
  const NO_DATA = -1;
  const NBSP = "\u00a0";
  const words = choices.dataset;
  const lang = document.documentElement.lang;
  const whole = new Intl.NumberFormat(lang, { maximumFractionDigits: 0, roundingMode: "halfEven" });
  const tenth = new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1, roundingMode: "halfEven" });
  const hundred = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0, roundingMode: "halfEven" });
  const subject = document.getElementById("subject");
  const measure = document.getElementById("measure");
  const units = new Map(Array.from(measure.options, function (option) { return [option.value, option]; }));
  const keys = new Map();  // key -> its subject's option and its measure
  let told = null;
  let coming = null;
  const places = { villages: new Map(), districts: new Map() };

  Array.from(subject.options, function (option) {
    option.dataset.measures.split(" ").forEach(function (pair) {
      const [name, key] = pair.split(":");
      keys.set(key, { option, measure: name });
    });
  });

  window.geoFigures = { choices, keys, load, figure, token, text, write, inWords, title, showChoice, chosen, showLegend, isReady, stale, toneOf };

  function isReady() { return told !== null; }
  function toneOf(key) { return told.indicators[key][3]; }
  function stale() { return told ? told.stale : []; }

  /* Once, after the first paint; from the page itself where that is a file that was carried away. */
  function load() {
    if (!coming) {
      const inside = document.querySelector('script[data-layer="figures"]');
      coming = (inside ? Promise.resolve(JSON.parse(inside.textContent)) : ask()).then(function (data) {
        Object.keys(places).forEach(function (level) {
          data[level].codes.forEach(function (code, place) { places[level].set(code, place); });
        });
        told = data;
      });
      coming.catch(function () { coming = null; });
    }
    return coming;
  }

  function ask() {
    return fetch(words.figures).then(function (reply) {
      if (!reply.ok) { throw new Error(String(reply.status)); }
      return reply.json();
    });
  }

  /* ------------------------------------------------ one figure */

  function sum(columns, some, place) {
    let all = 0;
    let state = "value";
    some.forEach(function (column) {
      const value = columns[column][place];
      if (value === null) { state = "withheld"; } else if (value === NO_DATA) {
        if (state === "value") { state = "none"; }
      } else { all += value; }
    });
    return state === "value" ? { state: all ? "value" : "zero", value: all } : { state };
  }

  function figure(key, level, code) {
    const place = places[level].get(code);
    if (place === undefined) { return { state: "none" }; }
    const columns = told[level].columns;
    const [kind, some, others] = told.indicators[key];
    const part = sum(columns, some, place);
    if (kind === "count") { return part; }
    const [unmatched, listed] = told.compared;
    const all = columns[listed][place];
    if (kind === "rate" && part.state === "zero" && all !== null && columns[unmatched][place] === all) { return { state: "none" }; }
    const base = sum(columns, others, place);
    if (part.state === "withheld" || base.state === "withheld") { return { state: "withheld" }; }
    if (part.value === undefined || !base.value) { return { state: "none" }; }
    if (kind === "km2" || kind === "per1000") {
      return { state: part.state, value: (kind === "per1000" ? 1000 : 1) * part.value / base.value };
    }
    if (base.value < SMALLEST_BASE) { return { state: "small", part: part.value, base: base.value }; }
    return { state: part.state, value: part.value / base.value };
  }

  function token(key, level, found) {
    if (found.state !== "value") { return found.state; }
    const edges = told.edges[told.indicators[key][0]][level];
    return "c" + (1 + edges.filter(function (edge) { return found.value >= edge; }).length);
  }

  /* ------------------------------------------------ in words */

  function percent(share) {
    if (share > 0 && share < 0.005) { return "<" + NBSP + percent(0.01); }
    const said = hundred.format(share);
    return lang === "id" ? said.replace(/\s*%/, NBSP + "%") : said;
  }

  function density(value) {
    return value > 0 && value < 0.05 ? "<" + NBSP + tenth.format(0.1) : tenth.format(value);
  }

  function text(key, found) {
    const kind = keys.get(key).measure;
    if (found.state === "withheld") { return words.withheld; }
    if (found.state === "none") { return words.none; }
    if (found.state === "small") {
      return words.few.replace("PART", whole.format(found.part)).replace("BASE", whole.format(found.base)) + NBSP + "KK";
    }
    if (kind === "count") { return whole.format(found.value) + NBSP + "KK"; }
    return kind === "rate" || kind === "share" ? percent(found.value) : density(found.value);
  }

  /* Into a cell, as macros/figures.html does. */
  function write(cell, key, found) {
    const said = text(key, found);
    if (found.state !== "withheld" && found.state !== "none") {
      cell.textContent = said;
      return;
    }
    const state = document.createElement("span");
    const swatch = document.createElement("span");
    const unseen = document.createElement("span");
    state.className = "state state-" + found.state;
    state.title = said;
    swatch.className = "swatch " + found.state;
    swatch.setAttribute("aria-hidden", "true");
    unseen.className = "unseen";
    unseen.textContent = said;
    state.append(swatch, unseen);
    cell.replaceChildren(state);
  }

  function unit(key) {
    const { option, measure: kind } = keys.get(key);
    return kind === "rate" || kind === "share" ? option.dataset.of : units.get(kind).dataset.of;
  }

  /* With what it is counted in. */
  function inWords(key, found) {
    const said = text(key, found);
    const isPlain = !["value", "zero"].includes(found.state) || keys.get(key).measure === "count";
    return isPlain ? said : said + " " + unit(key);
  }

  function title(key) {
    const { option, measure: kind } = keys.get(key);
    return kind === "count" || kind === "share" ? option.text : option.text + ", " + units.get(kind).text.toLocaleLowerCase();
  }

  /* ------------------------------------------------ what is chosen, and its legend */

  /* The key of what is chosen; where the subject has no such measure, its first. */
  function chosen() {
    const pairs = subject.selectedOptions[0].dataset.measures.split(" ").map(function (pair) { return pair.split(":"); });
    const found = pairs.find(function ([kind]) { return kind === measure.value; }) || pairs[0];
    return found[1];
  }

  function showChoice(key) {
    const { option, measure: kind } = keys.get(key);
    subject.value = option.value;
    const own = option.dataset.measures.split(" ").map(function (pair) { return pair.split(":")[0]; });
    measure.replaceChildren(...own.map(function (name) { return units.get(name); }));
    measure.value = kind;
  }

  function classWords(kind, low, high) {
    const share = kind === "rate" || kind === "share";
    const said = share ? percent : whole.format;
    const first = !share && kind === "count" ? Number(words.smallest) : 0;
    if (high === undefined) { return words.more.replace("LOW", said(low)); }
    if (!low && kind !== "count") { return words.below.replace("HIGH", said(high)); }
    if (kind === "count") { return whole.format(low || first) + "–" + whole.format(high - 1); }
    return (share ? whole.format(low * 100) : said(low)) + "–<" + said(high);
  }

  function showLegend(key, level) {
    const legend = document.querySelector(`.legend[data-level="${level}"]`);
    if (!legend || !told) { return; }
    const [kind, , , tone] = told.indicators[key];
    const edges = told.edges[kind][level];
    const counts = {};
    places[level].forEach(function (_, code) {
      const found = token(key, level, figure(key, level, code));
      counts[found] = (counts[found] || 0) + 1;
    });
    legend.dataset.legend = key;
    legend.querySelector("h2").textContent = title(key);
    legend.querySelector("thead th").textContent = unit(key);
    const rows = Array.from(legend.querySelectorAll("tbody tr"));
    const ends = [0, ...edges, undefined];
    const states = ["zero", "withheld", "none", "small"];
    rows.forEach(function (row, place) {
      const number = 5 - place;
      const name = number > 0 ? "c" + number : states[-number];
      row.querySelector(".swatch").className = "swatch " + (["withheld", "none", "small"].includes(name) ? name : tone + " " + name);
      if (number > 0) { row.querySelector("th").textContent = classWords(kind, ends[number - 1], ends[number]); }
      row.lastElementChild.textContent = whole.format(counts[name] || 0);
      if (name === "small") { row.hidden = !counts.small; }
    });
  }
})();

/* Paper returns by keyboard: code, one key, Enter. Typing never waits for the line: what was
   entered is sent one by one behind it, under an id of its own, so that sending again is the same. */
(function () {
  "use strict";
  const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const LENGTH = 8;
  const STAYS = ["csrf_token", "visited_on", "officer", "whole", "submission_id"];
  const LONGEST_WAIT_MS = 15 * 1000;
  const form = document.getElementById("entry");
  const code = document.getElementById("visit_code");
  const key = document.getElementById("outcome_key");
  const said = document.getElementById("said");
  const list = document.getElementById("entered");
  const pace = document.getElementById("pace");
  const words = new Map();
  document.querySelectorAll("#keys li").forEach(function (each) {
    words.set(each.dataset.key, each.dataset.words);
  });
  const queue = [];
  let isSending = false;
  let begun = 0;
  let count = 0;

  /* ------------------------------------------------ the code and its check sign */
  function plain(text) {
    return text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  }

  function isCode(signs) {
    if (signs.length !== LENGTH) { return false; }
    let total = 0;
    for (const sign of signs.slice(0, -1)) {
      const value = SIGNS.indexOf(sign);
      if (value < 0) { return false; }
      total = twice(total ^ value);
    }
    return SIGNS[total] === signs[LENGTH - 1];
  }

  function twice(value) {
    const doubled = value << 1;
    return doubled & 32 ? doubled ^ 37 : doubled;
  }

  function printed(signs) { return signs ? signs.slice(0, 4) + "-" + signs.slice(4) : "–"; }

  function tell(text, isBad) {
    said.textContent = text;
    said.classList.toggle("bad", Boolean(isBad));
  }

  function judge() {
    const signs = plain(code.value);
    const isWrong = signs !== "" && !isCode(signs);
    code.setAttribute("aria-invalid", String(isWrong));
    return !isWrong;
  }

  code.addEventListener("input", function () {
    if (!begun) { begun = performance.now(); }
    code.removeAttribute("aria-invalid");
    if (plain(code.value).length < LENGTH) { tell("", false); return; }
    if (judge()) { tell("", false); key.focus(); key.select(); } else { tell(form.dataset.badCode, true); }
  });
  code.addEventListener("change", function () {
    if (!judge()) { tell(form.dataset.badCode, true); }
  });
  code.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !key.value) { event.preventDefault(); key.focus(); }
  });
  /* A scanner ends a code with Enter: by then the key is waited for. */
  key.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !key.value) { event.preventDefault(); }
  });
  key.addEventListener("input", function () {
    const found = words.get(key.value.toLowerCase());
    key.setAttribute("aria-invalid", String(!found && key.value !== ""));
    tell(found || (key.value ? form.dataset.badKey : ""), !found);
  });

  /* ------------------------------------------------ saving */
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (!judge()) { tell(form.dataset.badCode, true); code.focus(); code.select(); return; }
    if (!words.has(key.value.toLowerCase())) { tell(form.dataset.badKey, true); key.focus(); key.select(); return; }
    const body = new URLSearchParams(new FormData(form));
    queue.push({ body: body, row: rowOf(body) });
    count += 1;
    clear();
    sendAll();
  });

  function clear() {
    for (const field of form.elements) {
      if (!field.name || STAYS.includes(field.name)) { continue; }
      field.value = "";
    }
    form.elements.submission_id.value = newId();
    code.removeAttribute("aria-invalid");
    key.removeAttribute("aria-invalid");
    tell("", false);
    code.focus();
    const seconds = (performance.now() - begun) / 1000 / count;
    pace.textContent = form.dataset.pace.replace("{n}", String(count))
      .replace("{s}", seconds.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }));
  }

  /* Letters alone: digits by chance could look like a number of a person. */
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(28));
    return Array.from(bytes, function (one) { return String.fromCharCode(97 + one % 26); }).join("");
  }

  function rowOf(body) {
    const id = body.get("submission_id");
    const row = document.createElement("tr");
    const cells = ["th", "td", "td", "td"].map(function (kind) { return document.createElement(kind); });
    cells[0].scope = "row";
    cells[0].className = "visit-code";
    cells[0].textContent = printed(plain(body.get("visit_code")));
    cells[1].textContent = words.get(body.get("outcome_key").toLowerCase());
    cells[2].textContent = form.dataset.saving;
    const both = document.createElement("div");
    both.className = "form-row";
    both.append(button(form.dataset.edit, cells[0], function () { fill(body); }));
    both.append(button(form.dataset.cancel, cells[0], function () { cancel(id, cells[2]); }));
    cells[3].append(both);
    row.dataset.submission = id;
    row.append(...cells);
    const before = list.querySelector('[data-submission="' + CSS.escape(id) + '"]');
    if (before) { before.remove(); }
    list.prepend(row);
    return cells[2];
  }

  function button(label, name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "action second";
    made.textContent = label;
    made.setAttribute("aria-label", label + " " + name.textContent);
    made.addEventListener("click", act);
    return made;
  }

  /* Back into the form under the same id: what is saved then is a new version. */
  function fill(body) {
    for (const [name, value] of body) {
      const field = form.elements[name];
      if (field && name !== "csrf_token") { field.value = value; }
    }
    key.focus();
    key.select();
  }

  async function cancel(id, state) {
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, submission_id: id });
    try {
      const reply = await ask(form.dataset.cancelTo, body);
      const told = await message(reply);
      show(state, reply.ok ? form.dataset.cancelled : told || form.dataset.failed, !reply.ok);
    } catch { show(state, form.dataset.failed, true); }
    code.focus();
  }

  async function sendAll() {
    if (isSending) { return; }
    isSending = true;
    while (queue.length) {
      await send(queue[0]);
      queue.shift();
    }
    isSending = false;
  }

  async function send(one) {
    for (let wait = 500; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      let reply = null;
      try { reply = await ask(form.action, one.body); } catch { reply = null; }
      if (reply && reply.status < 500) {
        const told = await message(reply);
        if (reply.status === 401) { show(one.row, form.dataset.signedOut, true); return; }
        show(one.row, told || (reply.ok ? form.dataset.kept : form.dataset.failed), !reply.ok);
        return;
      }
      show(one.row, form.dataset.again, true);
      await new Promise(function (go) { setTimeout(go, wait); });
    }
  }

  function ask(address, body) {
    return fetch(address, { method: "POST", headers: { "Accept": "application/json" }, body: body });
  }

  async function message(reply) {
    try { return (await reply.json()).message; } catch { return ""; }
  }

  function show(cell, text, isBad) {
    cell.textContent = text;
    cell.classList.toggle("bad", isBad);
  }

  addEventListener("beforeunload", function (event) {
    if (queue.length) { event.preventDefault(); }
  });
})();

/* Files of a month: handed in piece by piece, and their reports as they come. */
(function () {
  "use strict";
  const EVERY_MS = 1500;
  const LONGEST_WAIT_MS = 30 * 1000;
  const drop = document.getElementById("drop");
  const picked = document.getElementById("files");
  const uploads = document.getElementById("uploads");
  const told = document.getElementById("told");
  const piece = Number(drop.dataset.piece);
  const queue = [];
  let isSending = false;
  drop.hidden = false;

  /* ------------------------------------------------ choosing */
  picked.addEventListener("change", function () {
    take(picked.files);
    picked.value = "";
  });
  document.addEventListener("dragover", function (event) {
    event.preventDefault();  // a file let go beside the zone must not take the page away
    drop.classList.toggle("over", drop.contains(event.target));
  });
  document.addEventListener("dragleave", function () { drop.classList.remove("over"); });
  document.addEventListener("drop", function (event) {
    event.preventDefault();
    drop.classList.remove("over");
    if (drop.contains(event.target)) { take(event.dataTransfer.files); }
  });
  addEventListener("beforeunload", function (event) {
    if (isSending) { event.preventDefault(); }
  });

  function take(files) {
    for (const file of files) { queue.push({ file: file, row: newRow(file) }); }
    if (!isSending) { sendAll(); }
  }

  function newRow(file) {
    const row = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const state = document.createElement("span");
    name.textContent = file.name;
    name.className = "upload-name";
    bar.max = Math.max(1, file.size);
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    state.textContent = drop.dataset.queued;
    state.className = "upload-state";
    row.append(name, bar, state);
    uploads.append(row);
    return { row: row, bar: bar, state: state };
  }

  /* ------------------------------------------------ handing in */
  async function sendAll() {
    isSending = true;
    while (queue.length) {
      const next = queue.shift();
      try {
        const known = await send(next.file, next.row);
        say(next.row, known || drop.dataset.sent, next.file.name);
        if (known) { next.row.bar.remove(); } else { next.row.row.remove(); }
      } catch (refusal) {
        next.row.row.classList.add("failed");
        next.row.bar.remove();
        say(next.row, refusal.message, next.file.name);
      }
      await renew();
    }
    isSending = false;
  }

  function say(row, words, name) {
    row.state.textContent = words;
    if (name) { told.textContent = name + ": " + words; }
  }

  async function send(file, row) {
    const form = new URLSearchParams({ name: file.name, size: String(file.size) });
    const begun = await ask(drop.dataset.begin, form, row);
    let offset = begun.offset;
    while (offset < file.size) {
      const reply = await ask(begun.upload + "?dari=" + offset, file.slice(offset, offset + piece), row);
      if (reply.id) { return reply.message; }  // of a list that is in use already
      offset = reply.offset;
      row.bar.value = offset;
      say(row, Math.floor(100 * offset / file.size) + " % " + drop.dataset.sending);
    }
  }

  /* Asks until there is an answer: lines break, and the service may just be starting again.
     409 is one: it says where to go on. */
  async function ask(address, body, row) {
    for (let wait = 500; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      const headers = { "X-CSRFToken": drop.dataset.token, "Accept": "application/json" };
      if (body instanceof Blob) { headers["Content-Type"] = "application/octet-stream"; }
      let reply = null;
      try {
        reply = await fetch(address, { method: "POST", headers: headers, body: body });
        if (reply.ok || reply.status === 409) { return await reply.json(); }
      } catch { reply = null; }
      if (reply && reply.status < 500) { throw new Error(await refusal(reply)); }
      say(row, drop.dataset.again);
      await pause(wait);
    }
  }

  async function refusal(reply) {
    if (reply.status === 401) { return drop.dataset.signedOut; }
    try { return (await reply.json()).message; } catch { return drop.dataset.failed; }
  }

  function pause(ms) {
    return new Promise(function (go) { setTimeout(go, ms); });
  }

  /* ------------------------------------------------ what is new */
  function month() { return document.getElementById("month"); }

  async function renew() {
    try {
      const reply = await fetch(location.pathname, { headers: { "Accept": "text/html" } });
      if (reply.status === 401 || reply.redirected) { location.reload(); return; }
      if (reply.ok) { show(await reply.text()); }
    } catch { /* the next look will tell */ }
  }

  function show(text, answered) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("month");
    if (!fresh) { location.reload(); return; }
    const shown = month();
    const focused = document.activeElement && document.activeElement.id;
    for (const part of Array.from(shown.children)) {
      if (!named(fresh, part.dataset.part)) { part.remove(); }
    }
    let before = null;
    for (const part of Array.from(fresh.children)) {
      const held = named(shown, part.dataset.part);
      if (!held) {
        if (before) { before.after(part); } else { shown.prepend(part); }
        before = part;
      } else if (part.dataset.part !== answered && isInUse(held)) {
        before = held;
      } else {
        const folds = part.dataset.part === answered ? [] : held.querySelectorAll("details[id]");
        for (const fold of folds) {
          const same = part.querySelector("#" + fold.id);
          if (same) { same.open = fold.open; }
        }
        held.replaceWith(part);
        before = part;
      }
    }
    shown.dataset.version = fresh.dataset.version;
    shown.toggleAttribute("data-busy", fresh.hasAttribute("data-busy"));
    dispatchEvent(new Event("tables"));
    const again = focused && document.getElementById(focused);
    if (again && again !== document.activeElement) { again.focus({ preventScroll: true }); }
  }

  function named(parent, part) {
    return parent.querySelector('[data-part="' + part + '"]');
  }

  /* A form that somebody is filling in is not taken from under their hands. */
  function isInUse(part) {
    return Array.from(part.querySelectorAll("input, select")).some(function (field) {
      if (field === document.activeElement) { return true; }
      if (field.tagName === "INPUT") { return field.value !== field.defaultValue; }
      const given = Array.from(field.options).findIndex(function (option) { return option.defaultSelected; });
      return field.selectedIndex !== Math.max(0, given);
    });
  }

  /* ------------------------------------------------ answering, without leaving the page */
  document.addEventListener("submit", async function (event) {
    const form = event.target;
    if (!month().contains(form)) { return; }
    event.preventDefault();
    const button = event.submitter;
    if (button) { button.disabled = true; }
    try {
      const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (reply.status === 401) { location.reload(); return; }
      const text = await reply.text();
      const part = form.closest("[data-part]").dataset.part;
      show(text, reply.ok ? part : "");  // what was answered is kept: its form is no longer in use
      const next = document.getElementById("fault") || named(month(), part) || named(month(), "title");
      if (next) { next.focus({ preventScroll: next.id !== "fault" }); }
    } catch { location.reload(); } finally {
      if (button) { button.disabled = false; }
    }
  });

  /* ------------------------------------------------ looking again while something goes on */
  async function look() {
    if (month().hasAttribute("data-busy")) {
      try {
        const reply = await fetch(month().dataset.state, { headers: { "Accept": "application/json" } });
        if (reply.status === 401) { location.reload(); return; }
        const state = await reply.json();
        if (state.version !== month().dataset.version) { await renew(); }
      } catch { /* the line is down for a moment */ }
    }
    setTimeout(look, EVERY_MS);
  }
  look();
})();

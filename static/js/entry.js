/* Quick entry: what is typed goes into an outbox, stays on this machine until the server has answered for it, and is
   sent one request at a time under a key of our own, with the revision each figure had when it was typed over.
   Only texts and attributes change, and nothing that somebody is typing in. */
"use strict";
(() => {
  const form = document.querySelector("form[data-quick]");
  if (!form) return;
  const bar = document.getElementById("outbox");
  const said = bar.querySelector("[role=status]");
  const { quick, store } = form.dataset;
  const words = JSON.parse(bar.dataset.words);
  const waiting = new Set(); // names typed and not yet answered
  const held = new Set(); // names refused or in conflict; they go along with each request
  const conflicts = {}; // what another hand wrote, by cell
  const shown = {}; // notes on the page, by line
  const flights = []; // bodies sent or to be sent again, the oldest first
  let base = JSON.parse(form.elements.base.value);
  let flying = false, back = false, stopped = false, asked = false, then = null, timer = 0, again = 0, pause = 1000, at = "", why = "", aside = "";

  const field = (name) => form.elements.namedItem(name);
  const cellOf = (name) => name.replace(/^why:/, "");
  const local = (n) => String(n).replace(/\d/g, (d) => words.digits[d]);
  const say = (word, n) => {
    const text = [words[word].replace("%", local(n)), word === "held" ? why : "", aside].join(" ").trim();
    if (said.textContent !== text) said.textContent = text;
    bar.hidden = false;
  };

  const kept = () => {
    try { return JSON.parse(localStorage.getItem(store)) || {}; } catch (e) { return {}; }
  };
  const keep = (change) => {
    const all = kept();
    change(all);
    try {
      if (Object.keys(all).length) localStorage.setItem(store, JSON.stringify(all));
      else localStorage.removeItem(store);
    } catch (e) { /* storage is full or forbidden: the server alone keeps it */ }
  };
  const note = (name) => keep((all) => { all[name] = [field(name).value, base[cellOf(name)] || null]; });

  const dress = (root, first) => {
    const all = kept();
    root.querySelectorAll("td input, td textarea").forEach((box) => {
      if (!document.getElementById("s-" + box.name)) {
        const state = document.createElement("span");
        state.id = "s-" + box.name;
        state.className = "state";
        box.after(state);
        box.setAttribute("aria-describedby", state.id + " e-" + box.name);
      }
      const known = all[box.name];
      if (known && (first || known[0] !== box.value)) {
        [box.value, base[cellOf(box.name)]] = known;
        waiting.add(box.name);
        mark(box.name, "waiting");
      }
    });
    for (const cell in conflicts) choose(cell, document.getElementById("e-" + cell));
  };
  const mark = (name, kind) => {
    const state = document.getElementById("s-" + name), box = field(name);
    if (!state || !box) return;
    state.className = "state state--" + kind;
    state.textContent = words[kind];
    const line = document.getElementById("e-" + name);
    if (line) line.hidden = kind === "saved"; // it goes for good once nobody is in its row
    if (kind === "wrong") box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  };
  const tell = () => {
    if (waiting.size) say(pause > 1000 ? "offline" : "some", waiting.size);
    else if (held.size) say("held", held.size);
    else if (at) say("all", at);
  };

  const plan = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  };
  const typed = (name) => {
    waiting.add(name);
    held.delete(name);
    asked = false;
    then = null;
    aside = "";
    note(name);
    mark(name, "waiting");
    plan(700);
  };

  const send = () => {
    if (flying || stopped) return;
    if (!flights.length && waiting.size) {
      const body = new URLSearchParams(), seen = {};
      const key = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => (b + 256).toString(16).slice(1)).join("");
      const names = new Set([...waiting, ...held].map(cellOf));
      for (const cell of names) {
        for (const name of [cell, "why:" + cell]) if (field(name)) body.set(name, field(name).value);
        if (base[cell]) seen[cell] = base[cell];
      }
      body.set("key", key);
      body.set("base", JSON.stringify(seen));
      flights.push([key, String(body)]);
      keep((all) => { all["!" + key] = String(body); });
    }
    if (flights.length) post();
    else if (then) then();
  };

  const ask = (body) => {
    const stop = new AbortController(), alarm = setTimeout(() => stop.abort(), 20000);
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const sent = { method: "POST", headers, redirect: "manual", signal: stop.signal, body: new URLSearchParams(body) };
    return fetch(quick, sent)
      .then(async (answer) => {
        if (answer.type === "opaqueredirect" || answer.status === 403) return { out: true };
        if (answer.status === 404) return { error: words.refused };
        const json = await answer.json(); // whatever else comes back, an error page say, is no answer
        if (!json.token && !json.error) throw new Error("no answer");
        return json;
      })
      .finally(() => clearTimeout(alarm));
  };

  const post = async () => {
    flying = true;
    clearTimeout(again);
    tell();
    const answer = await ask(flights[0][1]).catch(() => null);
    flying = false;
    if (!answer) {
      pause = Math.min(pause * 2, 30000);
      then = null;
      again = setTimeout(post, pause);
      tell();
    } else if (answer.out) { // static/js/session.js brings a fresh token, if need be after a log-in
      then = null;
      if (back) halt(words.refused);
      else document.dispatchEvent(new Event("session-lost"));
    } else if (answer.error) halt(answer.error);
    else settle(answer);
    back = false;
  };
  const halt = (text) => {
    stopped = true;
    then = null;
    said.textContent = "▲ " + text;
    bar.hidden = false;
    waiting.forEach((name) => mark(name, "wrong"));
  };

  const settle = (answer) => {
    const [key, body] = flights.shift();
    pause = 1000;
    for (const [name, text] of new URLSearchParams(body)) {
      if (name === "key" || name === "base") continue;
      const cell = cellOf(name), box = field(name);
      const wrong = answer.wrong[cell];
      if (!wrong && answer.base[cell]) base[cell] = answer.base[cell];
      if (box && box.value !== text) { // typed on meanwhile
        waiting.add(name);
        note(name);
        continue;
      }
      waiting.delete(name);
      if (!wrong) {
        held.delete(name);
        keep((all) => { delete all[name]; });
        delete conflicts[cell];
        mark(name, "saved");
      } else if (name === cell) {
        held.add(name);
        if (answer.conflicts[cell]) conflicts[cell] = answer.conflicts[cell];
        why = wrong;
        mark(name, "wrong");
      }
    }
    if (held.size) then = null;
    keep((all) => { delete all["!" + key]; });
    refresh(answer);
    tell();
    if (waiting.size || flights.length || then) send();
  };

  const choose = (cell, line) => {
    if (line && !line.querySelector("button")) conflicts[cell].keep.forEach((label, mine) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet";
      button.textContent = label;
      button.onclick = () => {
        base[cell] = conflicts[cell].theirs;
        if (!mine) field(cell).value = conflicts[cell].text;
        delete conflicts[cell];
        typed(cell);
        plan(0);
      };
      line.append(" ", button);
    });
  };

  const refresh = (answer) => {
    at = answer.at;
    const busy = document.activeElement;
    for (const cell in answer.base) {
      if (!waiting.has(cell) && !held.has(cell) && field(cell) !== busy) base[cell] = answer.base[cell];
    }
    for (const id in answer.texts) {
      const el = document.getElementById(id), text = answer.texts[id];
      if (!el) continue;
      if (el.name) {
        if (el !== busy && !waiting.has(el.name) && !held.has(el.name)) el.value = text;
      } else {
        if (el.textContent !== text) el.textContent = text;
        const line = el.closest(".sub");
        if (line) line.hidden = !text && line.childElementCount < 2;
      }
    }
    for (const code in answer.sections) {
      const tag = document.getElementById("n-" + code);
      tag.className = "tag " + answer.sections[code][0];
      tag.textContent = answer.sections[code][1];
    }
    if (!waiting.size) form.querySelectorAll("th[id^=l-]").forEach((head) => findings(head, answer.notes, busy));
  };
  const findings = (head, notes, busy) => {
    const code = head.id.slice(2), row = head.parentNode, text = notes[code] || "";
    let found = row.nextElementSibling;
    if (found && !found.classList.contains("found")) found = null;
    if (shown[code] === text || (found && found.contains(busy)) || (!found && !text)) return;
    shown[code] = text;
    if (!text) return found.remove();
    if (!found) {
      found = row.parentNode.insertRow(row.sectionRowIndex + 1);
      found.className = "found";
      found.insertCell().colSpan = [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
    }
    found.cells[0].innerHTML = text; // our own template's markup, escaped on the server
    dress(found);
  };

  const leave = (event, go) => {
    if (event.defaultPrevented || stopped || asked || !(waiting.size || flights.length)) return;
    event.preventDefault();
    asked = true; // pressed a second time, it goes: what is typed stays on this machine
    then = go;
    plan(0);
  };
  document.addEventListener("submit", (event) => {
    form.elements.base.value = JSON.stringify(base);
    const button = event.submitter;
    // The form carries all fields itself; it waits only for a figure that was typed over while it was on its way.
    const sent = new URLSearchParams(flights.length ? flights[0][1] : "");
    ["key", "base"].forEach((name) => sent.delete(name));
    if (event.target === form && [...sent].every(([name, text]) => !field(name) || field(name).value === text)) return;
    leave(event, () => event.target.requestSubmit(button));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.getAttribute("href")[0] !== "#") leave(event, () => { window.location.assign(link.href); });
  });
  form.addEventListener("input", (event) => typed(event.target.name));
  form.addEventListener("pasted", (event) => {
    if (event.detail) aside = words.left.replace("%", local(event.detail));
    tell();
  });
  form.addEventListener("change", (event) => { if (waiting.has(event.target.name)) plan(0); });
  window.addEventListener("online", () => { pause = 1000; if (!flying) send(); });
  document.addEventListener("session-back", () => {
    back = true;
    if (flights.length) post();
  });

  form.classList.add("is-quick");
  for (const [name, body] of Object.entries(kept())) if (name[0] === "!") flights.push([name.slice(1), body]);
  dress(form, true);
  if (flights.length || waiting.size) send();
})();

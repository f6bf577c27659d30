/* Log-in again in place: when a page's script says "session-lost", a small log-in appears without moving anything; once
   the same officer is back, every form gets a fresh token and the page hears "session-back". */
"use strict";
(() => {
  const box = document.getElementById("log-in-again");
  if (!box) return;
  const said = box.querySelector("[role=status]");
  const { probe, officer, failed, other } = box.dataset;
  let door = box.action;

  const renew = async () => {
    const answer = await fetch(probe, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") return false;
    const { token, officer: now } = await answer.json();
    if (token && String(now) !== officer) said.textContent = "▲ " + other;
    if (token && String(now) !== officer) return true; // nothing of this page goes out in another's name
    if (token) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = token; });
    box.hidden = true;
    box.reset();
    door = box.action;
    document.dispatchEvent(new Event("session-back"));
    return true;
  };

  const enter = async () => {
    if (await renew()) return;
    const page = await (await fetch(door)).text();
    const body = new URLSearchParams(new FormData(box));
    body.set("csrfmiddlewaretoken", (/name="csrfmiddlewaretoken" value="(\w+)"/.exec(page) || [])[1] || "");
    const headers = { "X-Requested-With": "XMLHttpRequest" };
    const answer = await fetch(door, { method: "POST", body, headers, redirect: "manual" });
    const { location, form } = await answer.json().catch(() => ({}));
    if (await renew()) return;
    if (/\/2fa\//.test(location || "")) door = location;
    else said.textContent = "▲ " + ((form && form.errors[0]) || failed);
    box.querySelector("[data-code]").hidden = door === box.action;
  };

  document.addEventListener("session-lost", async () => {
    if (!(await renew().catch(() => false))) box.hidden = false;
  });
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    enter().catch(() => { said.textContent = "▲ " + failed; });
  });
  window.addEventListener("focus", () => { if (!box.hidden) renew().catch(() => {}); });
})();

/* What quick entry keeps on this machine: notices say that something is still unsent, and logging out forgets it. */
"use strict";
(() => {
  const unsent = (start) => {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(start)); } catch (e) { return []; }
  };
  document.querySelectorAll("[data-unsent]").forEach((notice) => {
    notice.hidden = !unsent(notice.dataset.unsent).length;
  });
  window.addEventListener("submit", (event) => {
    const question = event.target.dataset.forgets, keys = unsent("entry:");
    if (!question || event.defaultPrevented) return;
    if (keys.length && !window.confirm(question)) event.preventDefault();
    else keys.forEach((key) => localStorage.removeItem(key));
  });
})();

/* Moving about in the entry grid as in a spreadsheet: Enter and arrows, a pasted block, Esc for what stood there. */
"use strict";
(() => {
  const form = document.querySelector("form[data-quick]");
  if (!form) return;
  const boxes = (row) => [...row.querySelectorAll("td input[inputmode]")];
  const rows = (box) => [...box.closest("table").rows].filter((row) => boxes(row).length);
  let before = "";

  const go = (box) => {
    if (!box) return;
    box.focus();
    box.select();
  };
  const across = (box, step) => {
    const all = boxes(form);
    return all[all.indexOf(box) + step];
  };
  const down = (box, step) => {
    const column = boxes(box.closest("tr")).indexOf(box);
    const all = [...form.querySelectorAll("table.entry tr")].filter((row) => boxes(row).length);
    const row = all[all.indexOf(box.closest("tr")) + step];
    return row && boxes(row)[Math.min(column, boxes(row).length - 1)];
  };
  const type = (box, text) => {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  form.addEventListener("focusin", (event) => { before = event.target.value; });
  form.addEventListener("keydown", (event) => {
    const box = event.target, all = box.selectionStart === 0 && box.selectionEnd === box.value.length;
    if (!box.matches("td input[inputmode]") || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    let next;
    if (event.key === "Enter") next = down(box, event.shiftKey ? -1 : 1);
    else if (event.key === "ArrowDown") next = down(box, 1);
    else if (event.key === "ArrowUp") next = down(box, -1);
    else if (event.key === "ArrowLeft" && !event.shiftKey && (all || box.selectionEnd === 0)) next = across(box, -1);
    else if (event.key === "ArrowRight" && !event.shiftKey && (all || box.selectionStart === box.value.length)) {
      next = across(box, 1);
    } else if (event.key === "Escape" && box.value !== before) {
      type(box, before);
      box.select();
    } else return;
    event.preventDefault();
    go(next);
  });

  form.addEventListener("paste", (event) => {
    const box = event.target, text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!box.matches("td input[inputmode]") || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const all = rows(box), top = all.indexOf(box.closest("tr")), left = boxes(all[top]).indexOf(box);
    let lost = 0;
    text.split(/\r?\n/).forEach((line, y) => line.split("\t").forEach((word, x) => {
      if (!word.trim()) return; // an empty cell of the sheet clears nothing here
      const target = all[top + y] && boxes(all[top + y])[left + x];
      if (target) type(target, word.trim());
      else lost += 1;
    }));
    form.dispatchEvent(new CustomEvent("pasted", { detail: lost }));
  });
})();

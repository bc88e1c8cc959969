// The coding desk without a mouse: j and k walk through the sentences, Shift+j takes one more, Enter opens the form.
// With one: what is selected is marked.  Offsets count code points of the text, as the ledger does.
"use strict";

// A file that is dropped anywhere on the page is the one that was chosen.
(() => {
  const file = document.querySelector("#text-form input[type=file]");
  if (!file) return;
  addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    file.files = event.dataTransfer.files;
    file.focus();
  });
})();

(() => {
  const text = document.getElementById("text");
  if (!text) return;
  const every = [...text.querySelectorAll(".sentence[href]")];
  const form = document.getElementById("form");
  let anchor = null;

  const points = (string) => [...string].length;

  function go(start, end) {
    const address = new URL(location.href);
    address.searchParams.delete("draft");
    address.searchParams.set("start", start);
    address.searchParams.set("end", end);
    address.hash = "form";
    location.assign(address);
  }

  function offset(node, within) {
    const sentence = (node.nodeType === 1 ? node : node.parentElement).closest(".sentence");
    if (!sentence) return null;
    const range = document.createRange();
    range.setStart(sentence, 0);
    range.setEnd(node, within);
    return Number(sentence.dataset.start) + points(range.toString());
  }

  text.addEventListener("click", (event) => {
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
    const range = chosen.getRangeAt(0);
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    if (start === null || end === null || start >= end) return;
    event.preventDefault();
    go(start, end);
  });
  text.addEventListener("dragstart", (event) => event.preventDefault());

  function paint(from, to) {
    const [low, high] = from < to ? [from, to] : [to, from];
    every.forEach((one, at) => one.classList.toggle("chosen", at >= low && at <= high));
  }

  function walk(step, extend) {
    const here = every.indexOf(document.activeElement);
    const started = every.findIndex((one) => one.classList.contains("chosen"));
    const at = here >= 0 ? here + step : Math.max(0, started);
    const next = every[Math.min(every.length - 1, Math.max(0, at))];
    if (!next) return;
    if (extend) {
      if (anchor === null) anchor = Math.max(0, here);
      paint(anchor, every.indexOf(next));
    } else {
      anchor = null;
      paint(every.indexOf(next), every.indexOf(next));
    }
    next.focus();
  }

  // One word less of the quote of a new draft, at its beginning or at its end: what the mouse marks, by key.
  function shorten(first) {
    const quote = form && !form.elements.draft && form.elements.exact;
    if (!quote) return;
    const rest = quote.value.replace(first ? /^\s*\S+\s+/u : /\s+\S+\s*$/u, "");
    const start = Number(form.elements.start.value);
    const less = points(quote.value) - points(rest);
    if (less) go(start + (first ? less : 0), start + points(quote.value) - (first ? 0 : less));
  }

  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape" && typing) {
      const chosen = text.querySelector(".sentence.chosen") || every[0];
      if (chosen) chosen.focus();
    } else if (typing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "j" || event.key === "J") {
      event.preventDefault();
      walk(1, event.shiftKey);
    } else if (event.key === "k" || event.key === "K") {
      event.preventDefault();
      walk(-1, event.shiftKey);
    } else if (event.key === "Enter" && anchor !== null && every.includes(event.target)) {
      event.preventDefault();
      const chosen = every.filter((one) => one.classList.contains("chosen"));
      go(chosen[0].dataset.start, chosen[chosen.length - 1].dataset.end);
    } else if (event.key === ">" || event.key === "<") {
      event.preventDefault();
      shorten(event.key === ">");
    } else if (event.key === "r") {
      const record = document.getElementById("record");
      if (record) record.requestSubmit();
    }
  });

  // Where a draft was just laid into the tray, the text goes on at the sentence that it came from.
  const hash = location.hash.slice(1);
  const target = /^s\d+$/.test(hash) && document.getElementById(hash);
  if (target) target.focus();
})();

// The desk reads without script.  With it, the two clocks are sliders: they step from change to change, the matrix is
// fetched anew and put in place, and what has changed is marked and said.  The address is always the view.
"use strict";

(() => {
  // What speaks of the moment, or leads on from it, beside the board itself.
  const FOLLOWING = ["#clocks", "#forms", "#travel-as_of", "#travel-as_known_at", ".brand", ".masthead nav", ".colophon"];
  const board = () => document.getElementById("board");

  function states() {
    const found = new Map();
    for (const cell of document.querySelectorAll("#board [data-cell]")) {
      found.set(cell.dataset.cell, { element: cell, state: cell.dataset.state, words: cell.dataset.words });
    }
    return found;
  }

  function say(text) {
    const place = document.getElementById("changes");
    if (place) place.textContent = text;
  }

  function compare(before, after) {
    const changed = [];
    for (const [key, one] of after) {
      const old = before.get(key);
      if ((old ? old.state : "") !== one.state) {
        one.element.classList.add("changed");
        const was = (old && old.words) || "·";
        changed.push(`${key}: ${was === one.words ? `${was}, on other evidence` : `${was} → ${one.words || "·"}`}`);
      }
    }
    for (const [key, old] of before) {
      if (!after.has(key) && old.state) changed.push(`${key}: ${old.words} → ·`);
    }
    if (!changed.length) return "Nothing changes here.";
    const more = changed.length > 4 ? ` and ${changed.length - 4} more` : "";
    return `${changed.length === 1 ? "1 change" : changed.length + " changes"}. ${changed.slice(0, 4).join("; ")}${more}`;
  }

  let asking = null;
  async function show(address, remember) {
    if (asking) asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    let answer;
    let text;
    try {
      answer = await fetch(address, { signal, headers: { accept: "text/html" } });
      text = await answer.text();
    } catch {
      if (!signal.aborted) say("The desk does not answer. Is verbale serve still running?");
      return;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("board");
    if (!answer.ok || !fresh) {
      const wrong = page.querySelector("main h1");
      say(wrong ? wrong.textContent : "That could not be shown.");
      return;
    }
    const before = states();
    board().replaceWith(fresh);
    say(compare(before, states()));
    for (const place of FOLLOWING) {
      const here = document.querySelector(place);
      const there = page.querySelector(place);
      if (here && there) here.replaceWith(there);
    }
    document.title = page.title;
    if (remember) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    shown = here();
  }

  for (const slider of document.querySelectorAll("input[type=range][data-steps]")) {
    const steps = JSON.parse(slider.dataset.steps);
    const form = slider.form;
    const field = form.elements[slider.dataset.field];
    const none = slider.dataset.none;
    const told = (at) => (at >= steps.length ? none : steps[at]);
    let waiting = 0;
    slider.hidden = false;
    slider.addEventListener("input", () => {
      const at = Number(slider.value);
      field.value = at >= steps.length ? "" : steps[at];
      slider.setAttribute("aria-valuetext", told(at));
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const query = new URLSearchParams();
        for (const [name, value] of new FormData(form)) if (value !== "") query.append(name, value);
        show(`${form.getAttribute("action")}?${query}`, false);
      }, 90);
    });
  }

  // While the ledger is verified, the report is looked for now and then.
  const running = () => document.querySelector("#verification[data-running]");
  async function look() {
    const page = await fetch(location.href).then((answer) => answer.text()).catch(() => null);
    const fresh = page && new DOMParser().parseFromString(page, "text/html").getElementById("verification");
    if (fresh && running()) running().replaceWith(fresh);
    if (running()) setTimeout(look, 2000);
  }
  if (running()) setTimeout(look, 1000);

  // Back and forward: the page of that address is simply loaded; a place on the same page is just gone to.
  const here = () => location.pathname + location.search;
  let shown = here();
  addEventListener("popstate", () => { if (here() !== shown) location.reload(); });

  // Keys, as analysts know them: "/" searches, "?" tells of the keys, "g" and a letter goes to a page.  A key belongs to
  // whoever types: into a field, into a list that is searched by its letters, into the browser with a modifier.
  const typing = (one) => one.matches("textarea, select, [contenteditable], input:not([type=range], [type=checkbox], [type=radio])");
  let going = -Infinity;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (typing(event.target)) return;
    const went = event.timeStamp - going < 1200;
    going = -Infinity;
    if (went) {
      const link = document.querySelector(`.masthead a[data-key="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "g") {
      going = event.timeStamp;
    } else if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "?") {
      event.preventDefault();
      document.getElementById("help").togglePopover();
    }
  });
})();

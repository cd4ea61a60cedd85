// Sends the form without leaving the page, keeps unsent answers in this tab,
// and hides questions that do not apply. Without this script all of it works
// by plain requests.
(() => {
  "use strict";
  const page = document.querySelector("[data-code]");
  if (!page) return;
  const key = "sipas " + page.dataset.code;
  const draft = {
    get() { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set(v) { try { sessionStorage.setItem(key, JSON.stringify(v)); } catch { /* no storage: nothing is kept */ } },
    drop() { try { sessionStorage.removeItem(key); } catch { /* nor to drop */ } },
  };
  if (page.tagName !== "FORM") return draft.drop(); // thanks: it was sent

  const form = page, find = (s) => form.querySelector(s);
  const button = find("[type=submit]"), state = find(".state"), again = find(".again");
  const word = button.firstElementChild, label = word.textContent;
  const keeps = !("kiosk" in form.dataset); // never on a device that others use next
  const idle = 20; // seconds after which such a device forgets what was begun
  const pause = 10; // seconds without writing before a new try
  let busy = false, timer = 0, due = 0, tries = 0, leaving = 0;

  // The id of a submission that cannot be sent again is not for the next form.
  const spent = "anew" in form.dataset;
  const save = () => keeps && draft.set([...new FormData(form)].filter((pair) => !spent || pair[0] !== "submission"));

  function restore() {
    const kept = keeps && !("kept" in form.dataset) && draft.get();
    if (!Array.isArray(kept)) return;
    const values = (name) => kept.filter((pair) => pair[0] === name).map((pair) => pair[1]);
    if (values("version")[0] !== form.elements.version.value) return draft.drop();
    if (kept.some((pair) => pair[0].startsWith("a.") && pair[1])) say(state.dataset.draft, false);
    for (const e of form.elements) {
      if (!e.name || e.name === "language" || e.name === "screen") continue;
      const given = values(e.name);
      if (e.type === "radio" || e.type === "checkbox") e.checked = given.includes(e.value);
      else if (given.length) e.value = given[0];
    }
    for (const [name, value] of kept) { // of other screens
      if (name.startsWith("a.") && value && !form.elements[name]) form.prepend(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
  }

  // A condition: all or some of others, or a field that has one of some values or
  // is a number between bounds, of which none is never passed.
  const holds = (c, data) => c.all ? c.all.every((d) => holds(d, data)) : c.any ? c.any.some((d) => holds(d, data))
    : data.getAll(c.name).some((v) => c.in ? c.in.includes(v) : /^\s*-?\d+\s*$/.test(v) && !(v < c.min || v > c.max));

  function ask() {
    for (const q of form.querySelectorAll("[data-if], [data-show]")) {
      q.hidden = !(q.dataset.if ? find(`[data-opens~="${q.dataset.if}"]:checked:enabled`) : holds(JSON.parse(q.dataset.show), new FormData(form)));
      for (const e of q.querySelectorAll("input, textarea, select")) e.disabled = q.hidden;
    }
  }

  // What must be chosen is asked for where it stands, at once.
  function missing() {
    for (const q of form.querySelectorAll(".question")) {
      const must = q.querySelector("[aria-required]:enabled");
      if (!must || q.querySelector(":checked")) continue;
      heal(q);
      const problem = document.createElement("span");
      problem.className = "problem";
      problem.textContent = form.dataset.missing;
      (q.querySelector("h1") || q.querySelector("legend")).after(problem);
      problem.setAttribute("role", "alert");
      q.classList.add("wrong");
      must.focus();
      q.scrollIntoView({ block: "nearest" });
      return true;
    }
  }

  function heal(q) {
    q.classList.remove("wrong");
    for (const p of q.querySelectorAll(".problem")) p.remove();
  }

  function say(text, waits) {
    state.firstElementChild.textContent = text;
    again.hidden = !waits;
  }

  function rest() {
    clearTimeout(timer);
    timer = 0;
    busy = false;
    word.textContent = label;
    say("", false);
  }

  function later(seconds) {
    clearTimeout(timer);
    due = Date.now() + 1000 * seconds;
    timer = setTimeout(send, 1000 * seconds);
  }

  async function send() {
    if (busy) return;
    rest();
    busy = true;
    tries++;
    word.textContent = state.dataset.sending;
    save();
    const control = new AbortController(), patience = setTimeout(() => control.abort(), 20000);
    let wait = 0, reason = "";
    try {
      const answer = await fetch(form.action, {
        method: "POST", headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)), signal: control.signal,
      });
      if (answer.ok) {
        const { next } = await answer.json();
        draft.drop();
        return location.replace(next); // so that Back does not come here again
      }
      if (answer.status < 500 && answer.status !== 429) return form.submit(); // the server shows what is wrong
      wait = +answer.headers.get("Retry-After") || 5;
      if (answer.status === 429) reason = (await answer.json()).title; // the server says what was too much
    } catch { /* no network */ } finally { clearTimeout(patience); }
    rest();
    say(wait ? reason || state.dataset.later.replace("{seconds}", wait) : state.dataset.offline, true);
    later((wait || Math.min(60, 2 ** tries)) + Math.random());
  }

  function begun() {
    clearTimeout(leaving);
    // What was sent and is not kept yet waits for the network instead.
    leaving = setTimeout(() => busy || timer ? begun() : location.replace(form.action), 1000 * idle);
  }

  form.addEventListener("submit", (e) => {
    const turn = e.submitter && e.submitter.name === "turn" && e.submitter.value;
    if (turn === "back" || !missing()) {
      if (turn) return save(); // another screen is a page of its own
      send();
    }
    e.preventDefault();
  });
  // Whoever still writes is not interrupted by a new try: it waits for a pause.
  form.addEventListener("input", (e) => {
    const q = e.target.closest(".wrong"), all = e.target.closest(".choices");
    if (q) heal(q);
    if (all && all.querySelector(".nothing")) { // "nothing" goes with nothing else
      for (const box of all.querySelectorAll(e.target.className ? "input:not(.nothing)" : ".nothing")) box.checked = false;
    }
    ask();
    if (busy) return;
    save();
    if (timer) later(Math.max(pause, (due - Date.now()) / 1000));
    else say("", false);
  });
  again.addEventListener("click", send);
  addEventListener("online", () => timer && send());
  addEventListener("pageshow", (e) => { if (e.persisted) rest(); ask(); });
  if (!keeps) for (const sign of ["input", "keydown", "pointerdown", "scroll"]) addEventListener(sign, begun, { passive: true });
  if (!keeps && "kept" in form.dataset) begun();
  restore();
  if (spent) save();
  ask();
})();

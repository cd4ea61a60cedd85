// The kiosk: one press on a face is an answer. Who is not satisfied may say why
// on a second screen, which closes by itself; then thanks, then the next person.
// Answers wait in this device until the server has them, each under an id of
// its own, so a bad network neither loses nor doubles one, nor keeps anybody
// waiting. Without this script all of it works by plain requests.
(() => {
  "use strict";
  const form = document.querySelector("form[data-code]");
  if (!form) return;
  const seconds = { why: 15, bye: 5, idle: 20, patience: 20, old: 3600 };
  const home = "/q/" + form.dataset.code, key = "sipas kiosk " + form.dataset.code, most = 500;
  const screens = [...form.querySelectorAll("[data-screen]")], find = (s) => form.querySelector(s);
  const finish = find(".finish"), plain = finish && finish.textContent, opened = Date.now();
  const foreign = location.search !== "";
  let waiting = [], current = null, moving = 0, sending = false, tries = 0, again = 0;

  // [id, body] of every answer that the server has not acknowledged.
  function keep() {
    try {
      if (waiting.length) localStorage.setItem(key, JSON.stringify(waiting.slice(-most)));
      else localStorage.removeItem(key);
    } catch { /* no storage: they wait in this page */ }
  }

  // crypto.randomUUID is only there on https.
  function newID() {
    const b = crypto.getRandomValues(new Uint8Array(16)), now = Date.now();
    for (let i = 0; i < 6; i++) b[i] = Math.floor(now / 2 ** (40 - 8 * i));
    b[6] = b[6] & 15 | 112;
    b[8] = b[8] & 63 | 128;
    return [...b].map((x, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + (x + 256).toString(16).slice(1)).join("");
  }

  function write() {
    const data = new FormData(form);
    data.set("submission", current.id);
    data.set(current.name, current.value);
    waiting = waiting.filter((w) => w[0] !== current.id);
    waiting.push([current.id, new URLSearchParams(data).toString()]);
    keep();
  }

  function show(name) {
    for (const s of screens) s.hidden = s.dataset.screen !== name;
    scrollTo(0, 0);
    find(`[data-screen="${name}"] h1`).focus();
  }

  function after(wait, next) {
    clearTimeout(moving);
    moving = setTimeout(next, 1000 * wait);
  }

  function press(button) {
    if (current) return;
    current = { id: newID(), name: button.name, value: button.value };
    write();
    if (!finish || button.value > "3") return thank();
    show("why");
    after(seconds.why, thank);
  }

  function thank() {
    current = null;
    form.reset();
    if (finish) finish.textContent = plain;
    show("bye");
    after(seconds.bye, leave);
    send();
  }

  // The next person gets the first screen, in the office's language, and now
  // and then, or where options stand otherwise each time, the page anew, if there is a network to get it by.
  function leave() {
    clearTimeout(moving);
    show("ask");
    if (foreign || "drawn" in form.dataset || Date.now() - opened > 1000 * seconds.old) renew();
  }

  function renew() {
    fetch(home, { method: "HEAD" }).then((answer) => answer.status < 500 && location.replace(home), () => { /* no network */ });
  }

  async function send() {
    const next = waiting.find((w) => !current || w[0] !== current.id);
    if (sending || !next) return;
    sending = true;
    clearTimeout(again);
    const control = new AbortController(), patience = setTimeout(() => control.abort(), 1000 * seconds.patience);
    let wait = 0, refused = false;
    try {
      const answer = await fetch(home, {
        method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(next[1]),
        signal: control.signal, keepalive: true,
      });
      if (answer.status >= 500 || answer.status === 429) wait = +answer.headers.get("Retry-After") || 5;
      else refused = !answer.ok && answer.status !== 409; // 409: it has that one already
    } catch { wait = Math.min(60, 2 ** ++tries); } finally { clearTimeout(patience); }
    sending = false;
    if (wait) {
      again = setTimeout(send, 1000 * wait);
      return;
    }
    tries = 0;
    waiting = waiting.filter((w) => w[0] !== next[0]);
    keep();
    if (refused && !current) renew(); // the counter was closed, or asks something else now
    send();
  }

  form.addEventListener("submit", (e) => { e.preventDefault(); if (e.submitter && e.submitter.name) press(e.submitter); });
  form.addEventListener("input", () => {
    if (!current) return;
    write();
    finish.textContent = find(".choices :checked") ? finish.dataset.some : plain;
    after(seconds.why, thank);
  });
  if (finish) finish.addEventListener("click", () => current && thank());
  find(".next").addEventListener("click", leave);
  addEventListener("online", send);
  addEventListener("pagehide", () => { if (current) { current = null; send(); } });
  addEventListener("pageshow", (e) => e.persisted && location.replace(home));
  addEventListener("contextmenu", (e) => e.preventDefault());
  try {
    waiting = JSON.parse(localStorage.getItem(key)) || [];
  } catch { /* nothing is kept */ }
  if (foreign) after(seconds.idle, leave);
  send();
})();

// The page on which a survey is made: forms marked data-op are sent one after another, and
// the answer is what changed of the page. Nothing that holds the focus, or in which
// somebody has typed what is not sent yet, is ever replaced. Without this script the same
// forms ask for the page anew.
(() => {
  "use strict";
  const root = document.getElementById("thiet-ke");
  const state = () => document.getElementById("trang-thai");
  const frame = document.getElementById("xem-truoc");
  const pause = 800; // milliseconds without an operation before the preview is asked for anew
  let queue = Promise.resolve(), waiting = 0, reload = 0, seen = "";

  const control = (form) => form.elements.value;
  const valueOf = (form) => { const c = control(form); return c.type === "checkbox" ? String(c.checked) : c.value; };
  const held = (e) => document.activeElement.matches("input:not([type=checkbox]), textarea, select") && e.contains(document.activeElement);
  const busy = (e) => held(e) || e.matches("[data-dirty]") || e.querySelector("[data-dirty]");
  // A name of the sender's own: what is sent once more is done once.
  const name = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");

  // stale tells whether a field of an element holds something else than the element was made with.
  const stale = (e) => [e, ...e.querySelectorAll("form[data-auto]")].some((form) => form.matches("form[data-auto]") && valueOf(form) !== defaultOf(form));
  // has are the parts that the server need not send, by their fingerprints.
  const has = () => [...root.querySelectorAll("[data-as]")].filter((e) => !stale(e)).map((e) => e.dataset.as).join(" ");

  // patch makes an element what it is now, going down where somebody is at work in it.
  function patch(old, fresh) {
    if (old.isEqualNode(fresh) && !stale(old)) return;
    if (!busy(old)) return renew(old, fresh);
    delete old.dataset.as; // what it is now, the server has never made
    if (old.matches("form[data-auto]")) {
      // What somebody else has made of it meanwhile was not seen here.
      if (valueOf(fresh) !== (old.dataset.saved ?? defaultOf(old)) && !("base" in old.dataset)) old.dataset.base = rev;
      old.dataset.saved = valueOf(fresh);
      return;
    }
    const parts = [...fresh.children], ids = new Set(parts.map((e) => e.id));
    if (![...old.children, ...parts].every((e) => e.id)) return; // it is as it was until nobody is in it
    let last = null;
    for (const part of parts) {
      const before = [...old.children].find((e) => e.id === part.id);
      if (before) patch(before, part);
      const now = [...old.children].find((e) => e.id === part.id) || part;
      if (now.parentElement !== old || now.previousElementSibling !== last && !busy(now)) last ? last.after(now) : old.prepend(now);
      last = now;
    }
    for (const one of [...old.children]) if (!ids.has(one.id) && !busy(one)) one.remove();
  }
  // renew makes an element what it is now by as few changes as it takes: what is put in
  // anew costs the styles of all around it. A field is put in anew, with what it holds.
  function renew(old, fresh) {
    if (old.isEqualNode(fresh) && !(old.nodeType === 1 && stale(old))) return;
    const parts = [...old.childNodes], now = [...fresh.childNodes];
    if (old.nodeType === 3 && fresh.nodeType === 3) old.data = fresh.data;
    else if (old.nodeType !== 1 || old.nodeName !== fresh.nodeName || old.id !== fresh.id || parts.length !== now.length || old.matches("input, textarea, select") || old.matches("form[data-auto]") && stale(old)) old.replaceWith(fresh);
    else {
      for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
      for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
      parts.forEach((part, i) => renew(part, now[i]));
    }
  }
  const defaultOf = (form) => { const c = control(form); return c.type === "checkbox" ? String(c.defaultChecked) : c.tagName === "SELECT" ? ([...c.options].find((o) => o.defaultSelected) || c.options[0]).value : c.defaultValue; };

  let rev = state().dataset.rev;

  function swap(html) {
    const reply = document.createElement("template");
    reply.innerHTML = html;
    const editor = reply.content.getElementById("bien-tap");
    const focus = document.activeElement, id = focus && focus.id;
    const from = focus && focus.selectionStart, to = focus && focus.selectionEnd;
    const open = new Set([...document.querySelectorAll("details[open]")].map((e) => e.id));
    for (const fresh of [...reply.content.children]) {
      for (const d of fresh.querySelectorAll("details")) if (document.getElementById(d.id)) d.open = open.has(d.id);
      const old = document.getElementById(fresh.id);
      if (fresh.matches("li[data-gone]")) { old && old.remove(); continue; }
      if (fresh.matches("li[data-key]")) { place(old, fresh); continue; }
      for (const part of fresh === editor ? [...fresh.children] : [fresh]) {
        const now = document.getElementById(part.id);
        if (now) patch(now, part);
      }
    }
    const long = frame.contentDocument && frame.contentDocument.querySelector("[name=screen]"), chosen = state().dataset.chosen;
    const changed = rev !== state().dataset.rev || long && chosen !== seen;
    rev = state().dataset.rev;
    for (const e of document.querySelectorAll("[data-after-chosen]")) e.value = state().dataset.chosen;
    choose(state().dataset.chosen);
    if (document.activeElement === document.body && id) {
      const again = document.getElementById(id);
      if (again && !again.disabled) {
        again.focus({ preventScroll: true });
        try { if (from != null) again.setSelectionRange(from, to); } catch { /* a field without a caret */ }
      } else document.getElementById("bien-tap").focus({ preventScroll: true });
    }
    if (changed) see();
  }

  // see asks for the preview anew, once nothing was changed for a while.
  function see() {
    clearTimeout(reload);
    reload = setTimeout(() => {
      if (waiting) return see();
      const shown = frame.contentWindow.location, address = new URL(shown.href);
      if (address.href === "about:blank") return; // it was never in sight
      if (address.searchParams.get("chon") === (seen = state().dataset.chosen) && !frame.contentDocument.querySelector("[data-kept]")) return shown.reload();
      address.searchParams.set("chon", seen);
      shown.replace(address);
    }, pause);
  }

  // place puts a row of the outline where it belongs.
  function place(old, fresh) {
    const list = document.getElementById("hang"), after = document.getElementById("row-" + fresh.dataset.after);
    const row = old || fresh;
    if (old) renew(old, fresh);
    if (!row.dataset.after) { if (list.firstElementChild !== row) list.prepend(row); }
    else if (after && row.previousElementSibling !== after) after.after(row);
    else if (!row.isConnected) list.append(row);
  }

  function choose(key) {
    for (const a of document.querySelectorAll(".outline [aria-current]")) if (a.dataset.chosen !== key) a.removeAttribute("aria-current");
    const row = document.getElementById("mo-" + key) || document.querySelector(".outline-whole a");
    if (row.dataset.chosen === key && !row.hasAttribute("aria-current")) row.setAttribute("aria-current", "true");
  }

  function say(text, again) {
    state().firstElementChild.textContent = text;
    state().lastElementChild.hidden = !again;
  }

  // send sends a form as it is now, after those before it.
  function send(form, button) {
    const body = new URLSearchParams(new FormData(form, button));
    const auto = form.matches("[data-auto]"), sent = auto && valueOf(form);
    body.set("phan", "1");
    body.set("sent", form.dataset.sent = (auto && form.dataset.sentValue === sent && form.dataset.sent) || name());
    if (auto) { form.dataset.dirty = ""; form.dataset.sentValue = sent; }
    form.dataset.waits = "";
    waiting++;
    root.dataset.busy = "";
    say(root.dataset.saving);
    queue = queue.then(() => deliver(form, body, sent)).finally(() => { if (!--waiting) delete root.dataset.busy; });
    return queue;
  }

  async function deliver(form, body, sent) {
    body.set("base", form.dataset.base ?? rev);
    body.set("chon", state().dataset.chosen);
    body.set("co", has());
    const last = form.querySelector("[data-last]");
    if (last) body.set("after", lastOf(last.dataset.last));
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (answer.redirected || !answer.headers.get("Content-Type").startsWith("text/html")) return location.assign(answer.redirected ? answer.url : location.href);
      const html = await answer.text();
      if (!html.includes("id=\"trang-thai\"")) throw new Error(answer.status);
      delete form.dataset.waits;
      if (answer.ok) {
        delete form.dataset.base;
        delete form.dataset.sent;
        if (form.matches("[data-auto]") && valueOf(form) === sent) delete form.dataset.dirty;
        if (form.matches("[data-auto]")) form.dataset.saved = sent;
        if (form.matches("[data-clear]")) for (const e of form.querySelectorAll("input:not([type=hidden])")) if (e.value === body.get(e.name)) e.value = "";
        const settled = form.dataset.resolves && document.getElementById(form.dataset.resolves);
        if (settled) { for (const k of ["dirty", "base", "sent"]) delete settled.dataset[k]; document.activeElement.blur(); }
      } else if (answer.status === 409) { delete form.dataset.base; delete form.dataset.sent; form.dataset.told = ""; }
      swap(html);
      const notice = document.querySelector("#nhac [role=alert]");
      if (notice && !answer.ok) notice.scrollIntoView({ block: "nearest" });
    } catch {
      form.dataset.dirty = "";
      say(root.dataset.lost, true);
    }
  }
  const lastOf = (id) => { const li = document.querySelector("#" + id + " > li:last-child"); return li ? li.id.slice(4) : ""; };

  addEventListener("submit", (e) => {
    if (!e.target.matches("[data-op]")) return;
    e.preventDefault();
    send(e.target, e.submitter);
  });
  root.addEventListener("change", (e) => {
    const form = e.target.closest("form[data-auto]");
    if (form) send(form);
  });
  root.addEventListener("input", (e) => {
    const form = e.target.closest("form[data-auto]");
    if (form && e.target === control(form) && e.target.matches("input:not([type=checkbox]), textarea")) form.dataset.dirty = "";
  });
  // Another element is opened in its place; Back asks for the page.
  async function open(link) {
    await queue;
    const address = new URL(link.href);
    for (const [key, value] of [["phan", "1"], ["base", rev], ["co", has()]]) address.searchParams.set(key, value);
    const answer = await fetch(address), html = await answer.text();
    if (!answer.ok || !html.startsWith("<div id=\"trang-thai\"") || document.querySelector("[data-dirty]")) return location.assign(link.href);
    history.pushState(null, "", link.href);
    document.activeElement.blur();
    swap(html);
    root.className = "studio see-" + (address.searchParams.get("view") || "khung");
    document.getElementById("bien-tap").focus({ preventScroll: innerWidth > 1080 });
  }
  addEventListener("popstate", () => location.reload());
  root.addEventListener("click", (e) => {
    const link = e.target.closest("a[data-chosen]");
    if (link && !(e.ctrlKey || e.metaKey || e.shiftKey || e.button)) { e.preventDefault(); open(link).catch(() => location.assign(link.href)); }
    if (e.target.closest(".state button")) {
      for (const form of document.querySelectorAll("[data-waits]")) send(form);
    }
    if (e.target.closest("[data-drop]")) for (const form of document.querySelectorAll("[data-dirty]")) delete form.dataset.dirty;
  });
  // Leaving warns only where something would be lost.
  addEventListener("beforeunload", (e) => { if (waiting || document.querySelector("[data-dirty]")) e.preventDefault(); });
  addEventListener("keydown", (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.altKey || e.target.matches("input:not([type=checkbox]), textarea")) return;
    const key = e.key.toLowerCase(), button = document.getElementById(key === "y" || key === "z" && e.shiftKey ? "nut-lam-lai" : key === "z" ? "nut-hoan-tac" : "");
    if (button && !button.disabled) { e.preventDefault(); button.click(); }
  });
  // move is one operation of the list that is dragged.
  root.addEventListener("moved", (e) => {
    const form = document.createElement("form");
    form.action = document.querySelector(".rows-form").action;
    for (const [key, value] of Object.entries({ do: "move", element: e.detail.key, after: e.detail.after, view: "khung" })) form.append(Object.assign(document.createElement("input"), { name: key, value }));
    send(form);
  });
  // The script says itself where its reader is, so that what is unchanged is the same.
  for (const e of root.querySelectorAll("form[data-op] > [name=base], form[data-op] > [name=chon]")) e.remove();
  document.documentElement.classList.add("scripted");
})();

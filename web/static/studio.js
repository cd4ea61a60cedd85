// The page on which a survey is made: forms marked data-op are sent one after another, and
// the answer is what changed of the page. Nothing that holds the focus, or in which
// somebody has typed what is not sent yet, is ever replaced. Without this script the same
// forms ask for the page anew.
(() => {
  "use strict";
  const root = document.getElementById("thiet-ke");
  const state = () => document.getElementById("trang-thai");
  const frame = document.getElementById("xem-truoc");
  let queue = Promise.resolve(), waiting = 0, reload = 0;

  const control = (form) => form.elements.value;
  const valueOf = (form) => { const c = control(form); return c.type === "checkbox" ? String(c.checked) : c.value; };
  const held = (e) => document.activeElement.matches("input:not([type=checkbox]), textarea, select") && e.contains(document.activeElement);
  const busy = (e) => held(e) || e.matches("[data-dirty]") || e.querySelector("[data-dirty]");
  // A name of the sender's own: what is sent once more is done once.
  const name = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");

  // patch makes an element what it is now, going down where somebody is at work in it.
  function patch(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (!busy(old)) return old.replaceWith(fresh);
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
  const defaultOf = (form) => { const c = control(form); return c.type === "checkbox" ? String(c.defaultChecked) : c.tagName === "SELECT" ? ([...c.options].find((o) => o.defaultSelected) || c.options[0]).value : c.defaultValue; };

  let rev = state().dataset.rev;

  function swap(html) {
    const reply = document.createElement("template");
    reply.innerHTML = html;
    const focus = document.activeElement, id = focus && focus.id;
    const from = focus && focus.selectionStart, to = focus && focus.selectionEnd;
    const open = new Set([...document.querySelectorAll("details[open]")].map((e) => e.id));
    for (const fresh of [...reply.content.children]) {
      for (const d of fresh.querySelectorAll("details")) if (document.getElementById(d.id)) d.open = open.has(d.id);
      const old = document.getElementById(fresh.id);
      if (fresh.matches("li[data-gone]")) { old && old.remove(); continue; }
      if (fresh.matches("li[data-key]")) { place(old, fresh); continue; }
      if (old) patch(old, fresh);
    }
    rev = state().dataset.rev;
    for (const e of document.querySelectorAll("[data-after-chosen]")) e.value = state().dataset.chosen;
    choose(state().dataset.chosen);
    root.dispatchEvent(new CustomEvent("rows"));
    if (document.activeElement === document.body && id) {
      const again = document.getElementById(id);
      if (again && !again.disabled) {
        again.focus({ preventScroll: true });
        try { if (from != null) again.setSelectionRange(from, to); } catch { /* a field without a caret */ }
      } else document.getElementById("bien-tap").focus({ preventScroll: true });
    }
    clearTimeout(reload);
    reload = setTimeout(() => { try { frame.contentWindow.location.reload(); } catch { frame.src = frame.src; } }, 300);
  }

  // place puts a row of the outline where it belongs.
  function place(old, fresh) {
    const list = document.getElementById("hang"), after = document.getElementById("row-" + fresh.dataset.after);
    if (old) old.replaceWith(fresh);
    if (!fresh.dataset.after) { if (list.firstElementChild !== fresh) list.prepend(fresh); }
    else if (after && fresh.previousElementSibling !== after) after.after(fresh);
    else if (!fresh.isConnected) list.append(fresh);
  }

  function choose(key) {
    for (const a of document.querySelectorAll(".outline [data-chosen]")) {
      if (a.dataset.chosen === key) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
    }
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
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html"), fresh = page.getElementById("thiet-ke");
    if (!fresh || document.querySelector("[data-dirty]")) return location.assign(link.href);
    history.pushState(null, "", link.href);
    for (const part of ["#bien-tap", ".tabs", "#buoc", "#nhac"]) root.querySelector(part).replaceWith(fresh.querySelector(part));
    state().dataset.chosen = fresh.querySelector("#trang-thai").dataset.chosen;
    for (const e of document.querySelectorAll("[data-after-chosen]")) e.value = state().dataset.chosen;
    root.className = fresh.className;
    choose(state().dataset.chosen);
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
  document.documentElement.classList.add("scripted");
})();

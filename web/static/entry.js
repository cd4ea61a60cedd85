// Types a sheet by keyboard: one question after another, digits choose, Enter goes on,
// Backspace goes back. The next sheet can be typed while the last is on its way; none is
// forgotten before the server has it. Without this script the sheet is an ordinary form.
(() => {
  "use strict";
  const form = document.querySelector("form.sheet");
  if (!form) return;
  const { dataset } = form, number = form.elements.number;
  const state = document.querySelector(".state"), refused = document.querySelector(".refused"), total = document.getElementById("da-nhap");
  const alone = "alone" in dataset; // one sheet, sent as the form it is
  const waiting = []; // sheets that the server does not have yet
  let at = 0, typed = "", sending = false, busy = 0, leaving = false;

  const boxes = q => [...q.querySelectorAll("input[type=radio], input[type=checkbox]:not(.nothing)")];
  const field = q => q.querySelector("input:not([type=radio]):not([type=checkbox]), textarea, select");
  // As they are printed on paper; levels are their own digits.
  const digits = JSON.parse(dataset.digits), numbers = JSON.parse(dataset.numbers);
  const keysOf = q => boxes(q).map(box => (digits[box.name] || {})[box.value] || box.value);

  for (const q of form.querySelectorAll(".question")) {
    const keys = keysOf(q);
    boxes(q).forEach((box, i) => {
      const key = document.createElement("kbd");
      key.setAttribute("aria-hidden", "true");
      key.textContent = keys[i];
      const label = form.querySelector(`label[for="${CSS.escape(box.id)}"]`);
      (label || box.closest("label").querySelector("span")).prepend(key);
    });
    const first = boxes(q)[0] || field(q), called = first && numbers[first.name];
    if (called) (q.querySelector("legend") || q.querySelector("label")).prepend(called + ". ");
    const list = q.querySelector("select");
    if (list) [...list.options].forEach((option, i) => { if (i) option.text = i + " · " + option.text; });
  }

  // A condition, as on the citizen's page.
  const holds = (c, data) => c.all ? c.all.every(d => holds(d, data)) : c.any ? c.any.some(d => holds(d, data))
    : data.getAll(c.name).some(v => c.in ? c.in.includes(v) : /^\s*-?\d+\s*$/.test(v) && !(v < c.min || v > c.max));
  const ask = () => {
    for (const q of form.querySelectorAll("[data-if], [data-show]")) {
      q.hidden = !(q.dataset.if ? form.querySelector(`[data-opens~="${q.dataset.if}"]:checked:enabled`) : holds(JSON.parse(q.dataset.show), new FormData(form)));
      for (const e of q.querySelectorAll("input, textarea, select")) e.disabled = q.hidden;
    }
  };
  const steps = () => [...form.querySelectorAll(".question")].filter(q => !q.closest("[hidden]") && (field(q) || boxes(q).length));

  function show(i) {
    ask();
    const all = steps();
    at = Math.max(0, Math.min(i, all.length - 1));
    typed = "";
    for (const q of form.querySelectorAll(".question.now")) q.classList.remove("now");
    const q = all[at];
    q.classList.add("now");
    const chosen = boxes(q).find(box => box.checked) || boxes(q)[0] || field(q);
    chosen.focus();
    if (chosen.select && chosen.type === "text") chosen.select();
  }

  function problem(q, text) {
    for (const p of q.querySelectorAll(".problem")) p.remove();
    if (!text) return q.classList.remove("wrong");
    const said = document.createElement("span");
    said.className = "problem";
    said.setAttribute("role", "alert");
    said.textContent = text;
    (q.querySelector("legend") || q.querySelector("label")).append(said);
    q.classList.add("wrong");
  }
  const lacks = q => (q.querySelector("[aria-required]:enabled") && !boxes(q).some(box => box.checked)) || [...q.querySelectorAll("[required]:enabled")].some(e => !e.value.trim());

  function next() {
    const all = steps(), q = all[at];
    if (lacks(q)) return problem(q, dataset.missing);
    problem(q);
    ask();
    const now = steps(), i = now.indexOf(q);
    if (i + 1 < now.length) return show(i + 1);
    keep();
  }

  // Whoever sees a difference in what was typed goes by its digit.
  function digit(key) {
    const q = steps()[at], list = q.querySelector("select"), keys = list ? [...list.options].map((_, i) => String(i)) : keysOf(q);
    let wanted = typed + key;
    if (!keys.some(k => k.startsWith(wanted))) wanted = key;
    const i = keys.indexOf(wanted);
    typed = keys.some(k => k !== wanted && k.startsWith(wanted)) ? wanted : "";
    if (i < 0) return;
    if (list) list.selectedIndex = i;
    else {
      const box = boxes(q)[i];
      if (box.type === "checkbox") box.checked = !box.checked;
      else box.checked = true;
      box.focus();
    }
    problem(q);
    ask();
  }

  form.addEventListener("keydown", event => {
    const q = event.target.closest(".question");
    if (event.ctrlKey || event.altKey || event.metaKey || !q || !form.classList.contains("stepped")) return;
    const text = event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])");
    if (event.key === "Enter" && !(event.shiftKey && event.target.matches("textarea"))) {
      event.preventDefault();
      next();
    } else if (event.key === "Backspace" && !(text && event.target.value)) {
      event.preventDefault();
      show(at - 1);
    } else if (/^\d$/.test(event.key) && !text) {
      event.preventDefault();
      digit(event.key);
    }
  });
  form.addEventListener("change", ask);

  const body = voided => {
    const data = new FormData(form);
    if (voided) data.set("void", "1");
    return new URLSearchParams(data);
  };

  function keep(voided) {
    if (alone) {
      if (voided) form.insertAdjacentHTML("beforeend", '<input type="hidden" name="void" value="1">');
      return form.submit();
    }
    waiting.push({ number: number.value, body: body(voided) });
    send();
    clear();
  }

  // The next sheet; its day is usually the same.
  function clear() {
    number.value = +number.value + 1;
    document.getElementById("so").textContent = number.value;
    for (const q of form.querySelectorAll(".question")) {
      problem(q);
      for (const box of boxes(q)) box.checked = false;
      const f = field(q);
      for (const other of q.querySelectorAll(".other input")) other.value = "";
      if (f && !f.classList.contains("stays")) f.tagName === "SELECT" ? f.selectedIndex = 0 : f.value = "";
    }
    show(0);
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      const sheet = waiting[0];
      let answer;
      try {
        answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: sheet.body });
      } catch { /* no network */ }
      if (!answer || answer.status >= 500 || answer.status === 429) {
        state.textContent = dataset.waits.replace("#", waiting.length);
        await new Promise(then => setTimeout(then, Math.min(30000, 1000 * 2 ** busy++)));
        continue;
      }
      busy = 0;
      waiting.shift();
      if (!answer.ok) {
        refuse(sheet, await answer.json());
        continue;
      }
      const kept = await answer.json();
      total.textContent = kept.typed;
      state.textContent = dataset.kept.replace("#", kept.number);
      if (kept.typed >= +dataset.expected && !waiting.length && !refused.childElementCount && kept.number === number.value - 1 && untouched()) {
        location.assign(dataset.next);
      }
    }
    sending = false;
  }
  const untouched = () => at === 0 && !form.querySelector(":checked:not(option)");

  // A sheet that the server refuses stays on the page until somebody opens it again.
  function refuse(sheet, why) {
    const box = document.createElement("form"), said = document.createElement("p"), button = document.createElement("button");
    box.method = "post";
    box.action = form.action;
    box.className = "wrong box";
    box.setAttribute("role", "alert");
    said.textContent = dataset.refused.replace("#", sheet.number) + " " + (why.problems || []).map(p => p.message).join(" ") + (why.problems ? "" : why.title);
    button.textContent = dataset.mend.replace("#", sheet.number);
    button.className = "second";
    box.append(said, button);
    for (const [name, value] of sheet.body) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      box.append(input);
    }
    box.addEventListener("submit", event => {
      if (waiting.length) event.preventDefault();
      else leaving = true;
    });
    refused.append(box);
  }

  form.addEventListener("submit", event => {
    event.preventDefault();
    const voided = event.submitter && event.submitter.name === "void";
    const missing = voided ? undefined : steps().find(lacks);
    if (!missing) return keep(voided);
    show(steps().indexOf(missing));
    problem(missing, dataset.missing);
  });
  addEventListener("beforeunload", event => { if (!leaving && (waiting.length || refused.childElementCount)) event.preventDefault(); });

  form.classList.add("stepped");
  document.querySelector(".keys").hidden = false;
  ask();
  show(Math.max(0, steps().findIndex(q => q.classList.contains("wrong"))));
})();

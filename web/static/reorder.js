// The order of the outline by mouse, finger and keys: a grip lifts its row, every step is
// spoken, Escape puts it back. What was moved is told to the page, which sends it.
(() => {
  "use strict";
  const root = document.getElementById("thiet-ke"), list = document.getElementById("hang"), live = document.getElementById("doc");
  let lifted = null, home = null, y = 0, timer = 0;
  const say = (text) => { live.textContent = text; };
  const rows = () => [...list.children];
  function at() {
    let section = "";
    for (const row of rows()) {
      if (row.classList.contains("section")) section = row.querySelector(".t").textContent;
      if (row === lifted) break;
    }
    return live.dataset.place.replace("{n}", rows().indexOf(lifted) + 1).replace("{of}", rows().length).replace("{section}", section);
  }
  function lift(row) {
    lifted = row;
    home = row.nextElementSibling;
    row.classList.add("lifted");
    say(live.dataset.lifted + " " + at());
  }
  function drop(keep) {
    if (!lifted) return;
    const row = lifted;
    cancelAnimationFrame(timer);
    timer = 0;
    if (!keep) list.insertBefore(row, home);
    row.classList.remove("lifted");
    say(keep ? live.dataset.dropped + " " + at() : live.dataset.back);
    lifted = null;
    row.querySelector(".grip").focus();
    if (keep && row.nextElementSibling !== home) {
      const before = row.previousElementSibling;
      root.dispatchEvent(new CustomEvent("moved", { detail: { key: row.dataset.key, after: before ? before.dataset.key : "" } }));
    }
  }
  function step(by) {
    const other = by < 0 ? lifted.previousElementSibling : lifted.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(lifted); else other.after(lifted);
    lifted.scrollIntoView({ block: "nearest" });
    lifted.querySelector(".grip").focus();
    say(at());
  }
  // While the pointer is down: scroll near the edges, then take the place under it.
  function follow() {
    if (y < 60) scrollBy(0, -12);
    if (y > innerHeight - 60) scrollBy(0, 12);
    const edge = list.getBoundingClientRect();
    const under = document.elementsFromPoint(edge.left + 60, Math.min(Math.max(y, edge.top + 2, 2), edge.bottom - 2, innerHeight - 2)).find((e) => e.parentElement === list && e !== lifted);
    if (under) {
      const r = under.getBoundingClientRect(), below = lifted.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (below && y > r.top + r.height / 2) under.after(lifted);
      else if (!below && y < r.top + r.height / 2) under.before(lifted);
    }
    timer = requestAnimationFrame(follow);
  }
  list.addEventListener("pointerdown", (e) => {
    const grip = e.target.closest(".grip");
    if (!grip || e.button !== 0 || lifted) return;
    e.preventDefault();
    grip.focus();
    lift(grip.closest("li"));
    y = e.clientY;
    timer = requestAnimationFrame(follow);
  });
  // The window, not the grip, hears the pointer: a row that moves loses its capture.
  addEventListener("pointermove", (e) => { if (lifted) y = e.clientY; });
  addEventListener("pointerup", () => { if (timer) drop(true); });
  addEventListener("pointercancel", () => { if (timer) drop(false); });
  list.addEventListener("keydown", (e) => {
    const grip = e.target.closest(".grip");
    if (!grip) return;
    const toggle = () => lifted ? drop(true) : lift(grip.closest("li"));
    const act = { " ": toggle, Enter: toggle, Escape: () => drop(false), ArrowUp: () => lifted && step(-1), ArrowDown: () => lifted && step(1) }[e.key];
    if (act) { e.preventDefault(); act(); }
  });
  list.addEventListener("focusout", () => { if (lifted && !timer) setTimeout(() => { if (lifted && !timer && !lifted.contains(document.activeElement)) drop(false); }); });
})();

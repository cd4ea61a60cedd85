// A choice waits for its button: whoever steps through a list by keyboard is not
// sent away from it. The button stands out once there is something to apply.
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("change", () => form.querySelector("button").classList.remove("second"));
}
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// A file that is checked stays chosen: only what came of it is laid into the page.
for (const form of document.querySelectorAll("form.check")) {
  const file = form.querySelector("input[type=file]");
  const result = () => form.querySelector("#ket-qua");
  const say = text => {
    const line = document.createElement("p");
    line.textContent = text;
    result().replaceChildren(line);
  };
  file.addEventListener("change", () => result().replaceChildren());
  form.addEventListener("submit", async event => {
    if (event.submitter && event.submitter.name === "do") {
      // After the browser has taken up what is sent.
      setTimeout(() => say(form.dataset.busy));
      return;
    }
    event.preventDefault();
    const sent = new FormData(form);
    say(form.dataset.busy);
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("ket-qua");
      if (fresh) {
        result().replaceWith(fresh);
        fresh.focus();
      } else {
        say(page.querySelector("main").innerText.trim());
      }
    } catch {
      say(form.dataset.lost);
    }
  });
}
// What is being made is looked at again until it is ready; the state is told when it changes.
const again = async () => {
  const before = document.querySelector("[data-again]");
  if (!before) return;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.getElementById(before.id);
    if (!fresh) return location.reload();
    const said = part => part.querySelector(".said").textContent;
    if (said(fresh) !== said(before)) document.querySelector("[role=status]").textContent = said(fresh);
    before.replaceWith(fresh);
  } catch { /* the network is away for a moment */ }
  setTimeout(again, 2000);
};
setTimeout(again, 2000);
// How many are chosen in a list is told as boxes are ticked; of all that match, those
// that are not ticked are left out.
for (const form of document.querySelectorAll("form.chosen")) {
  const { none, some, all } = form.querySelector(".choice").dataset;
  form.addEventListener("change", event => {
    if (event.target.type !== "checkbox") return;
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const n = all ? all - boxes.filter(box => !box.checked).length : boxes.filter(box => box.checked).length;
    form.querySelector("[role=status]").textContent = n ? some.replace("#", n.toLocaleString(document.documentElement.lang)) : none;
  });
}

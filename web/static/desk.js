// Filters apply as soon as they are changed; without JavaScript their button does it.
for (const form of document.querySelectorAll("form.filters")) {
  form.classList.add("live");
  form.addEventListener("change", () => form.requestSubmit());
}
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

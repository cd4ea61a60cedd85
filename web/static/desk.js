// A choice waits for its button: whoever steps through a list by keyboard is not
// sent away from it. The button stands out once there is something to apply.
for (const form of document.querySelectorAll("form.filters")) {
  form.addEventListener("change", () => form.querySelector("button").classList.remove("second"));
}
for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

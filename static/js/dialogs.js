// Opens dialogs that are on the page, shows what htmx loads into #modal, and asks before what cannot be undone.
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  // A click on the backdrop arrives at the dialog itself. Forms stay: a slip must not lose what was typed.
  if (target.matches("dialog[open]") && !target.querySelector("form[method=post]")) target.close();
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const { target } = detail;
  if (target.id !== "modal") return;
  if (!target.textContent.trim()) target.close();
  else if (!target.open) target.showModal();
  target.querySelector("[autofocus], .error-summary, input:not([type=hidden]), select, textarea")?.focus();
});

const question = document.getElementById("confirm");

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const words = submitter?.dataset.confirm || form.dataset.confirm;
  if (!words || !question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  question.querySelector("h2").textContent = words;
  question.querySelector("[data-yes]").textContent = submitter?.textContent.trim() || form.dataset.yes || "OK";
  question.returnValue = "";
  question.showModal();
  question.addEventListener("close", () => {
    if (question.returnValue !== "yes") return;
    form.dataset.confirmed = "true";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  }, { once: true });
}, { capture: true });

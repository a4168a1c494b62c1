// Filters submit themselves, forms guard what was typed, buttons show that they work and are not pressed twice.
const unsaved = new Set();
let typing;

const submitFilter = (form) => form.requestSubmit();

for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.querySelector("button:not([name])")?.setAttribute("hidden", "");
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-autosubmit]");
  if (form && target.type !== "search") submitFilter(form);
});

document.addEventListener("input", ({ target }) => {
  const filter = target.closest("form[data-autosubmit][hx-get]");
  if (filter && target.type === "search") {
    clearTimeout(typing);
    typing = setTimeout(submitFilter, 250, filter);
  }
  const guarded = target.closest("form[data-guard]");
  if (guarded) unsaved.add(guarded);
});

// Short addresses: what was left empty is not part of a filter.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.closest("form[data-autosubmit]")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch]")) return;
  unsaved.delete(form);
  if (form.method !== "post") return;
  if (form.dataset.busy) return event.preventDefault();
  form.dataset.busy = "true";
  // After this turn, so that the pressed button still counts as part of what is sent.
  setTimeout(() => submitter?.setAttribute("aria-busy", "true"));
});

const rest = (form) => {
  delete form.dataset.busy;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
};

document.addEventListener("htmx:afterRequest", ({ target }) => {
  const form = target.closest?.("form");
  if (form) rest(form);
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(rest));

addEventListener("beforeunload", (event) => {
  for (const form of unsaved) if (form.isConnected) event.preventDefault();
});

document.querySelector(".error-summary")?.focus({ preventScroll: true });

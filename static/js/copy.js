// "Copy" buttons: data-copy names what is copied, data-copied is what the button says then.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const text = source.value ?? source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS there is no clipboard: the text is selected, ready for the keyboard.
    source.select?.();
    return;
  }
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => (label.textContent = before), 2000);
});

// Toasts stay until they are dismissed. A request that fails says so, and that nothing was changed.
document.addEventListener("click", ({ target }) => {
  target.closest("[data-dismiss]")?.closest(".toast, .banner")?.remove();
});

const tellFailure = () => {
  const toast = document.getElementById("network-error")?.content.cloneNode(true);
  if (toast) document.getElementById("toasts").append(toast);
};

document.addEventListener("htmx:responseError", tellFailure);
document.addEventListener("htmx:sendError", tellFailure);

// Cards may be dragged to a column: that presses the card's own form, which works by its buttons without us.
let dragged = null;

for (const card of document.querySelectorAll("[data-board] .board-card")) {
  if (card.querySelector(".board-move")) card.draggable = true;
}

document.addEventListener("dragstart", ({ target, dataTransfer }) => {
  dragged = target.closest?.(".board-card[draggable=true]");
  dragged?.classList.add("is-dragged");
  if (dragged) dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  document.querySelectorAll(".is-over").forEach((column) => column.classList.remove("is-over"));
  dragged = null;
});

document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.(".board-column");
  document.querySelectorAll(".is-over").forEach((column) => column.classList.toggle("is-over", column === over));
  if (!over || over.contains(dragged)) return;
  event.preventDefault();
  over.classList.add("is-over");
});

document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.(".board-column");
  if (!column || column.contains(dragged)) return;
  event.preventDefault();
  const form = dragged.querySelector(".board-move");
  const button = form.querySelector(`button[name=stage][value="${column.dataset.stage}"]`) ?? document.createElement("button");
  if (!button.isConnected) {
    Object.assign(button, { name: "stage", value: column.dataset.stage, hidden: true });
    form.append(button);
  }
  form.requestSubmit(button);
});

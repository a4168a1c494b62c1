// Single keys, by their place on the keyboard so that they work under an Arabic layout too. They can be switched off.
const STORE = "rafiq-single-keys";
const ROWS = ".table tbody tr, .work-item, .task, .board-card";
const stored = () => { try { return localStorage.getItem(STORE); } catch { return null; } };
const toggle = document.querySelector("[data-single-keys]");
let waitsForPlace = false;

if (toggle) {
  toggle.checked = stored() !== "off";
  toggle.addEventListener("change", () => {
    try { localStorage.setItem(STORE, toggle.checked ? "on" : "off"); } catch { /* private window: lasts for this page */ }
  });
}

const isTyping = ({ target }) => target.closest?.("input, select, textarea, [contenteditable], dialog[open]");

const goTo = (place) => document.querySelectorAll(".nav-item")[place - 1]?.click();

const step = (by) => {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.querySelector("a"));
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows.at(Math.min(Math.max(at + by, 0), rows.length - 1))?.querySelector("a").focus();
};

const help = () => document.getElementById("shortcuts")?.showModal();

const keys = {
  Slash: () => {
    const search = document.querySelector("#main input[type=search]");
    if (search) search.focus();
    else document.querySelector("[data-palette]")?.click();
  },
  KeyC: () => {
    const menu = document.querySelector("[data-shortcut=create]");
    if (!menu) return;
    menu.open = true;
    menu.querySelector(".menu-item")?.focus();
  },
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyG: () => { waitsForPlace = true; setTimeout(() => { waitsForPlace = false; }, 1500); },
};

document.addEventListener("keydown", (event) => {
  if (!document.body.hasAttribute("data-shortcuts") || toggle?.checked === false) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const place = waitsForPlace && /^Digit([1-9])$/.exec(event.code);
  const asksForHelp = event.key === "?" || event.key === "؟";
  const act = place ? () => goTo(Number(place[1])) : asksForHelp ? help : !event.shiftKey && keys[event.code];
  if (!act) return;
  event.preventDefault();
  act();
});

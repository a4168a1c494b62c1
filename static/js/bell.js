// The bell asks every half a minute how many notices wait, only while somebody can see the page. The tab's title says it, too.
const EVERY = 30_000;
const bell = document.querySelector("[data-bell]");
const title = document.title;
let asked = Date.now();

const tell = () => {
  const count = bell.querySelector(".bell-count")?.textContent;
  document.title = count ? `(${count}) ${title}` : title;
};

const ask = async () => {
  if (document.hidden || Date.now() - asked < EVERY - 1000) return;
  asked = Date.now();
  try {
    // Signed out meanwhile, the answer is a redirect: then the bell stays as it is.
    const answer = await fetch(bell.dataset.bell, { redirect: "error" });
    if (!answer.ok) return;
    bell.innerHTML = await answer.text();
    tell();
  } catch { /* offline: the next turn asks again */ }
};

if (bell) {
  tell();
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}

// A passkey that was refused, cancelled or timed out says so above the form, instead of only in the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const main = document.querySelector("main form");
  document.querySelector("[data-passkey-error]")?.remove();
  const sentence = document.getElementById("passkey-error").content.cloneNode(true);
  main.before(sentence);
});

// The waiting room: counts down by the server's clock and turns into the Start page at the bell, without asking the server.

import { duration, now, onWaking, setServerTime } from "./clock.js";

const page = document.getElementById("wait");
if (page) {
  const opens = Number(page.dataset.opens);
  setServerTime(Number(page.dataset.now));
  const left = page.querySelector("[data-left]");

  const show = () => {
    const rest = opens - now();
    const open = rest <= 0;
    for (const part of page.querySelectorAll("[data-before]")) part.hidden = open;
    for (const part of page.querySelectorAll("[data-after]")) part.hidden = !open;
    if (!open) left.textContent = duration(rest);
    return open;
  };
  if (!show()) {
    const timer = setInterval(() => { if (show()) clearInterval(timer); }, 250);
  }
  // Back from sleep or from another page: the steady clock may have stood still, so ask again.
  onWaking(() => { if (now() < opens && navigator.onLine !== false) location.reload(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  for (const form of page.querySelectorAll("[data-start]")) {
    form.addEventListener("submit", () => { form.querySelector("button").setAttribute("aria-busy", "true"); });
  }
}

// The waiting room: counts down by the server's clock and turns into the Start page at the bell, without asking the server;
// meanwhile it tries the device and loads the sitting's page, so that at the bell only Start is asked for.

import { duration, now, onWaking, setServerTime } from "./clock.js";
import { startPractice } from "./practice.js";
import { tryDevice } from "./ready.js";
import { startByScript } from "./start.js";

const page = document.getElementById("wait");
const words = JSON.parse(page.dataset.words);
const opens = Number(page.dataset.opens);
const left = page.querySelector("[data-left]");
setServerTime(Number(page.dataset.now));

function show() {
  const rest = opens - now();
  const open = rest <= 0;
  for (const part of page.querySelectorAll("[data-before]")) part.hidden = open;
  for (const part of page.querySelectorAll("[data-after]")) part.hidden = !open;
  if (!open) left.textContent = duration(rest);
  return open;
}

/** Back from sleep: the steady clock may have stood still. Phones are woken all at once before the bell; they do not ask so. */
async function askTime() {
  const rest = Math.max(0, opens - now());
  await new Promise((resolve) => { setTimeout(resolve, Math.random() * Math.min(3000, rest / 2)); });
  try {
    const response = await fetch(page.dataset.time, { cache: "no-store" });
    setServerTime((await response.json()).now);
    if (show()) clearInterval(timer);
  } catch { /* without network the countdown goes on as it was */ }
}

const timer = setInterval(() => { if (show()) clearInterval(timer); }, 250);
show();
onWaking(() => { if (now() < opens) askTime(); });
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
for (const form of page.querySelectorAll("[data-start]")) startByScript(form, words);
startPractice(page, words);
tryDevice(page, words, opens - now());

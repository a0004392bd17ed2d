// Before the bell: can this device keep answers, hold the sitting's page, and reach the server? It says so, and what to do.

import { ask, openDatabase, work } from "./database.js";
import { fill } from "./map.js";
import { startWorker } from "./worker-setup.js";

// Everybody's loading is spread over this many milliseconds at most.
const SPREAD = 8000;
const SLOW = 2000;

// Browsers inside other apps: what they call themselves, and what people call them.
const APPS = [["Zalo", /Zalo/i], ["Messenger", /Orca-Android|MessengerForiOS/i], ["Facebook", /FBAN|FBAV|FB_IAB/i], ["TikTok", /musical_ly|BytedanceWebview/i]];

/** The app whose own browser this is, or null. */
export function appOf(agent) {
  return APPS.find(([, sign]) => sign.test(agent))?.[0] ?? null;
}

/** Try everything, at a moment of this page's own within the first seconds (or half of `rest` milliseconds to the bell). */
export async function tryDevice(page, words, rest) {
  const box = page.querySelector("[data-ready]");
  const title = box.querySelector("[data-ready-title]");
  box.hidden = false;
  title.textContent = words.trying;
  const app = appOf(navigator.userAgent);
  if (app) {
    const iphone = /iPhone|iPad/.test(navigator.userAgent);
    say(box, "app", false, fill(words.in_app, { app, browser: iphone ? "Safari" : "Chrome" }));
    const copy = box.querySelector("[data-copy]");
    copy.dataset.copy = new URL(copy.dataset.copy, location.href).href;
    box.querySelector("[data-app-help]").hidden = false;
  }
  await new Promise((resolve) => { setTimeout(resolve, Math.random() * Math.min(SPREAD, Math.max(0, rest / 2))); });

  const kept = await keepsAnswers();
  const worker = await startWorker(); // it loads the sitting's scripts and styles
  const loaded = worker !== null || await loadFiles(JSON.parse(page.dataset.files));
  say(box, "page", loaded, loaded ? words.page : words.page_missing);
  say(box, "keeps", kept && worker !== null, !kept ? words.keeps_nothing : worker ? words.keeps : words.keeps_answers);
  const took = await roundTrip(page.dataset.time);
  const slow = took > SLOW;
  say(box, "network", took !== null && !slow, took === null ? words.network_lost : slow ? words.network_slow : words.network);

  if (!loaded || took === null) {
    title.textContent = words.not_ready;
    window.addEventListener("online", () => tryDevice(page, words, rest), { once: true });
  } else title.textContent = kept && worker && !slow && !app ? words.ready : words.not_quite;
}

function say(box, name, well, text) {
  const line = box.querySelector(`[data-check=${name}]`);
  line.hidden = false;
  line.querySelector("[data-well]").hidden = !well;
  line.querySelector("[data-heed]").hidden = well;
  line.querySelector("[data-check-text]").textContent = text;
}

/** Have the browser's own cache hold the sitting's scripts and styles. */
async function loadFiles(files) {
  try {
    for (const file of files) {
      const response = await fetch(file);
      if (!response.ok) return false;
      await response.blob();
    }
    return true;
  } catch { return false; }
}

/** Whether something written can be read again. */
async function keepsAnswers() {
  const record = { sitting: "", epoch: 0 };
  try {
    const db = await openDatabase();
    const found = await work(db, "readwrite", async ({ sittings }) => {
      sittings.put(record);
      const read = await ask(sittings.get(record.sitting));
      sittings.delete(record.sitting);
      return read;
    });
    db.close();
    return found?.sitting === record.sitting;
  } catch { return false; }
}

/** Milliseconds to the server and back, or null without network. */
async function roundTrip(url) {
  const began = performance.now();
  try {
    const response = await fetch(url, { cache: "no-store" });
    return response.ok ? performance.now() - began : null;
  } catch { return null; }
}

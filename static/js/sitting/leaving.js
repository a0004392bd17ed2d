// Nothing of a sitting stays on a device longer than it must. On every page around the sitting: what an earlier one could not
// send is sent (late answers are evidence), what is settled is wiped; and "Người tiếp theo" loses nothing without asking.

import { deleteDatabase } from "./database.js";
import { forgetPage, Keeper, keptSittings } from "./keeper.js";
import { fill } from "./map.js";
import { Sender } from "./sender.js";

const ROUTES = { save: "/s/luu", renew: "/s/ky" };

// After its deadline a sitting may still take late answers; an hour later nobody waits for them.
const SETTLED = 60 * 60 * 1000;
const PATIENCE = 8000;

// Where the tabs of the one who leaves go.
const ENTRANCE = "/thi";

/** Send what waits of `record`'s sitting, once; resolves with how many questions were sent and how many still wait. */
async function sendRest(record) {
  const keeper = await Keeper.open(record.sitting);
  const sender = new Sender(ROUTES, keeper, { state() {}, reply() {}, stop() {}, apart() {}, refused() {} });
  const before = sender.waiting;
  await sender.flush();
  sender.stopped = true;
  clearTimeout(sender.timer);
  return { keeper, sent: before - sender.waiting, left: sender.waiting };
}

function longOver(record) {
  const serverNow = Date.now() + (record.offset ?? 0);
  return record.deadline > 0 && serverNow > record.deadline + SETTLED;
}

/** Send and wipe; `settled` is the sitting that this page shows as over. `say(sent, left)` where there was something. */
async function tidy(settled, say) {
  for (const [record, rows] of await keptSittings()) {
    const over = record.sitting === settled || longOver(record);
    if (!rows.length) {
      if (over) await (await Keeper.open(record.sitting)).wipe();
      continue;
    }
    const { keeper, sent, left } = await sendRest(record);
    say(sent, left);
    if (over && (!left || longOver(record))) await keeper.wipe();
    if (left) window.addEventListener("online", () => tidy(settled, say), { once: true });
  }
  if (settled) await forgetPage(settled);
}

/** How many questions wait on this device, after one more try. */
async function stillWaiting() {
  let left = 0;
  for (const [record, rows] of await keptSittings()) if (rows.length) left += (await sendRest(record)).left;
  return left;
}

async function waitingNow() {
  const rows = (await keptSittings()).flatMap(([, waiting]) => waiting);
  return new Set(rows.filter((row) => row.i !== undefined).map((row) => `${row.sitting}:${row.i}`)).size;
}

async function wipeAll() {
  try {
    for (const [record] of await keptSittings()) await (await Keeper.open(record.sitting)).wipe(ENTRANCE);
    await deleteDatabase();
  } catch { /* there is none */ }
  try {
    for (const name of await caches.keys()) if (name.startsWith("thi-")) await caches.delete(name);
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  } catch { /* there is none */ }
}

function guard(form) {
  const dialog = document.getElementById("leave-dialog");
  const go = async () => {
    await wipeAll();
    form.submit();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    const slow = new Promise((resolve) => { setTimeout(() => resolve(null), PATIENCE); });
    const left = await Promise.race([stillWaiting(), slow]) ?? await waitingNow();
    button.disabled = false;
    if (!left) await go();
    else if (dialog?.showModal) {
      dialog.querySelector("[data-leave-title]").textContent = fill(dialog.dataset.title, { count: left });
      dialog.querySelector("[data-leave-anyway]").onclick = () => { dialog.close(); go(); };
      dialog.querySelector("[data-leave-stay]").onclick = () => dialog.close();
      dialog.showModal();
    }
  });
}

for (const form of document.querySelectorAll("form[data-leave]")) guard(form);

const late = document.querySelector("[data-late]");
tidy(document.querySelector("[data-settled]")?.dataset.settled, (sent, left) => {
  if (!late) return;
  late.hidden = false;
  late.textContent = left ? fill(late.dataset.left, { count: left }) : fill(late.dataset.sent, { count: sent });
});

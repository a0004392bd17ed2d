// The service worker: with it a reload without network still shows the sitting. Where it is denied (in-app browsers,
// private windows, addresses without https) everything else goes on.

const WORKER = "/sw.js";
const SCOPE = "/thi/bai/";

// A browser that neither registers nor refuses is not waited for.
const PATIENCE = 20000;

/** The registration, once its worker has loaded the sitting's scripts and styles; null where there can be none. */
export async function startWorker() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return null;
  try {
    const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    const state = await settled(worker);
    return state === "activated" ? registration : null;
  } catch { return null; }
}

function settled(worker) {
  return new Promise((resolve) => {
    const look = () => { if (worker.state === "activated" || worker.state === "redundant") resolve(worker.state); };
    worker.addEventListener("statechange", look);
    setTimeout(() => resolve("silent"), PATIENCE);
    look();
  });
}

/** See to it that the worker has the page of `sitting`, some time after the bell's rush where it must be asked for again. */
export async function keepPage(sitting) {
  const path = `${SCOPE}${sitting}`;
  const controlled = Boolean(navigator.serviceWorker?.controller);
  if (!controlled) await new Promise((resolve) => { setTimeout(resolve, 3000 + Math.random() * 12000); });
  const registration = await startWorker();
  try {
    if (registration && !(await caches.match(path))) registration.active.postMessage({ keep: path });
  } catch { /* storage is denied */ }
}

// The server's time on this device: its clock may be wrong or be set meanwhile, so only differences of the steady clock count.

const RESET = 60000;

let serverNow = null;
let steadyThen = 0;
let guessed = false;

/**
 * Take note that an answer says the server's clock stands at `milliseconds`. An answer is always a little old, so the latest
 * time that follows from any of them is nearest to the truth: a slow one does not put the clock back. One that is far
 * behind does (the server's clock was set anew).
 */
export function setServerTime(milliseconds) {
  if (serverNow !== null && !guessed && milliseconds < now() && milliseconds > now() - RESET) return;
  guessed = false;
  serverNow = milliseconds;
  steadyThen = performance.now();
}

/** Without network after a reload: the server's clock was `ahead` milliseconds ahead of the device's. Any answer corrects it. */
export function guessServerTime(ahead) {
  setServerTime(Date.now() + ahead);
  guessed = true;
}

/** The server's time now, in milliseconds since 1970. */
export function now() {
  return serverNow + (performance.now() - steadyThen);
}

/** Calls `woken` when the device has slept: its steady clock may have stood still then, while the other clock went on. */
export function onWaking(woken) {
  let drift = Date.now() - performance.now();
  const look = () => {
    const before = drift;
    drift = Date.now() - performance.now();
    if (Math.abs(drift - before) > 2000) woken();
  };
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
}

/** "14:52", or "1:04:05" from an hour on; never below zero. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${pad(minutes)}:${pad(seconds % 60)}`;
}

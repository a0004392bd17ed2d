// The server's time on this device: its clock may be wrong or be set meanwhile, so only differences of the steady clock count.

let serverNow = 0;
let steadyThen = 0;

/** Take note that the server's clock says `milliseconds` now. */
export function setServerTime(milliseconds) {
  serverNow = milliseconds;
  steadyThen = performance.now();
}

/** The server's time now, in milliseconds since 1970. */
export function now() {
  return serverNow + (performance.now() - steadyThen);
}

/** "14:52", or "1:04:05" from an hour on; never below zero. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${pad(minutes)}:${pad(seconds % 60)}`;
}

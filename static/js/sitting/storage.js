// What this browser remembers of a sitting: the epoch it writes in, and a counter that its tabs share. Where storage is
// denied (in-app browsers, private windows) everything is kept in memory and the server is asked for a new epoch on reload.

const memory = new Map();

function read(key) {
  try { return localStorage.getItem(key); } catch { return memory.get(key) ?? null; }
}

function write(key, value) {
  memory.set(key, value);
  try { localStorage.setItem(key, value); } catch { /* memory has it */ }
}

/** Whether storage can be used at all. */
export function storageWorks() {
  try {
    localStorage.setItem("thi:thu", "1");
    localStorage.removeItem("thi:thu");
    return true;
  } catch { return false; }
}

/** The memory of one sitting. */
export class SittingMemory {
  constructor(sitting) { this.prefix = `thi:${sitting}:`; }

  /** The epoch this browser last wrote in (0: none that it knows of). */
  get epoch() { return Number(read(`${this.prefix}ky`)) || 0; }
  set epoch(value) { write(`${this.prefix}ky`, String(value)); }

  /** The next unused sequence of `epoch`, at least `floor`. Tabs share the counter; the server settles what collides. */
  take(epoch, floor) {
    const key = `${this.prefix}so:${epoch}`;
    const next = Math.max(floor, (Number(read(key)) || 0) + 1);
    write(key, String(next));
    return next;
  }

  /** Forget the sitting. */
  wipe() {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(this.prefix)) localStorage.removeItem(key);
    } catch { /* nothing was kept */ }
    memory.clear();
  }
}

// The browser's own database: what it knows of each sitting, its paper, and the rows that the server does not have yet.

const NAME = "thi";
const VERSION = 1;
const STORES = ["sittings", "papers", "rows"];

// Some in-app browsers neither open a database nor refuse to; nobody waits for them longer than this.
const PATIENCE = 4000;

/** The database, opened. Rejects where storage is denied, broken or silent. */
export function openDatabase() {
  return inTime(new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("sittings", { keyPath: "sitting" });
      request.result.createObjectStore("papers", { keyPath: "sitting" });
      request.result.createObjectStore("rows", { keyPath: ["sitting", "epoch", "n"] });
    };
    request.onsuccess = () => {
      // A wipe from another tab, or a newer version of the page, must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  }));
}

/** The result of one request. */
export function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Runs `action({sittings, papers, rows})` in one transaction over all stores; resolves with its result once everything is
 * on the disk. Transactions that write follow one another, also those of other tabs.
 */
export function work(db, mode, action) {
  return inTime((async () => {
    const transaction = db.transaction(STORES, mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
    done.catch(() => {}); // told below, unless the action failed first
    let result;
    try {
      result = await action(Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)])));
    } catch (problem) {
      try { transaction.abort(); } catch { /* it is over already */ }
      throw problem;
    }
    await done;
    return result;
  })());
}

/** The keys of all rows of `sitting`, in the order in which they are sent. */
export function rowsOf(sitting) {
  return IDBKeyRange.bound([sitting], [sitting, []]);
}

/** Delete everything. */
export function deleteDatabase() {
  return inTime(ask(indexedDB.deleteDatabase(NAME)));
}

function inTime(promise) {
  let timer;
  const late = new Promise((_resolve, reject) => { timer = setTimeout(() => reject(new Error("silent")), PATIENCE); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// The copy of a sitting that this browser keeps: in its database, shared by its tabs; where storage is denied (in-app
// browsers, private windows) in the memory of this page alone, and the server is asked for a new epoch after a reload.

import { ask, openDatabase, rowsOf, work } from "./database.js";
import { blank } from "./steps.js";

export class Keeper {
  /** Use `Keeper.open`; without a database (`db` null) everything is kept in memory. */
  constructor(sitting, db = null) {
    this.sitting = sitting;
    this.db = db;
    this.record = blank(sitting);
    this.rows = [];
    this.sheet = null;
    this.onChange = () => {}; // another tab changed something
    this.onGone = (_where) => {}; // another tab has handed in, or the next person has come
    this.onLost = () => {}; // storage has given up: memory from here on
    try {
      this.channel = new BroadcastChannel(`thi:${sitting}`);
      this.channel.onmessage = (event) => this.hear(event.data);
    } catch { this.channel = null; }
  }

  /** What is kept of `sitting`; never fails. */
  static async open(sitting) {
    let db = null;
    try { db = await openDatabase(); } catch { /* denied */ }
    const keeper = new Keeper(sitting, db);
    await keeper.refresh();
    return keeper;
  }

  /** Whether what is kept outlives this page. */
  get durable() { return this.db !== null; }

  /** The token of an epoch (default: the present one). */
  token(epoch = this.record.epoch) { return this.record.tokens[epoch]; }

  /** Take `step` (see steps.js), in one transaction with what other tabs do; resolves when it is kept. */
  async change(step) {
    await this.attempt((stores) => this.write(stores, step), () => step(this.record, this.rows));
    this.channel?.postMessage({});
  }

  /** Read anew what other tabs have done. */
  async refresh() {
    await this.attempt(async (stores) => this.read(stores), () => this, "readonly");
  }

  /** The items of the paper, or null where they are not kept. */
  async paper() {
    if (this.sheet === null && this.db) {
      try { this.sheet = (await work(this.db, "readonly", ({ papers }) => ask(papers.get(this.sitting))))?.items ?? null; } catch { /* none */ }
    }
    return this.sheet;
  }

  /** Keep the items of the paper. */
  async keepPaper(items) {
    this.sheet = items;
    if (this.db) {
      try { await work(this.db, "readwrite", ({ papers }) => ask(papers.put({ sitting: this.sitting, items }))); } catch { /* in memory */ }
    }
  }

  /** Forget the sitting, its paper and its page; its other tabs go too, to `where` (null: to the receipt). */
  async wipe(where = null) {
    await this.attempt(async ({ sittings, papers, rows }) => {
      sittings.delete(this.sitting);
      papers.delete(this.sitting);
      rows.delete(rowsOf(this.sitting));
      return { record: blank(this.sitting), rows: [] };
    }, () => ({ record: blank(this.sitting), rows: [] }));
    await forgetPage(this.sitting);
    this.channel?.postMessage({ gone: true, where });
  }

  async attempt(inDatabase, inMemory, mode = "readwrite") {
    for (let tries = 0; this.db && tries < 2; tries += 1) {
      try {
        const { record, rows } = await work(this.db, mode, inDatabase);
        this.record = record;
        this.rows = rows;
        return;
      } catch {
        // A phone that has slept may have lost the connection, not the data; else memory has to do.
        try { this.db = tries ? null : await openDatabase(); } catch { this.db = null; }
        if (!this.db) this.onLost();
      }
    }
    const { record, rows } = inMemory();
    this.record = record;
    this.rows = rows;
  }

  async read({ sittings, rows }) {
    const [record, waiting] = await Promise.all([ask(sittings.get(this.sitting)), ask(rows.getAll(rowsOf(this.sitting)))]);
    // Where somebody has emptied the storage meanwhile, this page still knows.
    return record ? { record, rows: waiting } : { record: this.record, rows: this.rows, lost: true };
  }

  async write(stores, step) {
    const found = await this.read(stores);
    const after = step(found.record, found.rows);
    stores.sittings.put(after.record);
    for (const row of found.rows) if (!after.rows.includes(row)) stores.rows.delete([row.sitting, row.epoch, row.n]);
    for (const row of after.rows) if (found.lost || !found.rows.includes(row)) stores.rows.put(row);
    return after;
  }

  async hear(message) {
    if (message.gone) this.onGone(message.where);
    else {
      await this.refresh();
      this.onChange();
    }
  }
}

/** Take the page of `sitting` out of the worker's cache. */
export async function forgetPage(sitting) {
  try {
    for (const name of await caches.keys()) await (await caches.open(name)).delete(`/thi/bai/${sitting}`);
  } catch { /* there is none */ }
}

/** The sittings of which something is kept, as [record, rows that wait]. */
export async function keptSittings() {
  try {
    const db = await openDatabase();
    const found = await work(db, "readonly", async ({ sittings, rows }) => {
      const [records, waiting] = await Promise.all([ask(sittings.getAll()), ask(rows.getAll())]);
      return records.map((record) => [record, waiting.filter((row) => row.sitting === record.sitting)]);
    });
    db.close();
    return found;
  } catch { return []; }
}

// Sends what happens to the journal: kept in this browser first, then in order, again and again until the server has it,
// never twice under another key. One tab sends at a time.

import { acknowledged, adopted, begun, collided, dropped, taken } from "./steps.js";

// Rows that are only evidence ride with the next answer, or go by themselves after this time: a save for each would double the load.
const PATIENCE = 20000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const MOST_ROWS = 100;
const MOST_BYTES = 200000;
const MOST_KEPT_ALIVE = 15000;

// A tab that the phone has put to sleep may hold the lock; the same row sent twice is harmless, one that is held up is not.
const LOCK_PATIENCE = 5000;

/**
 * @param routes  where answers go: {save, renew}
 * @param keeper  the Keeper of the sitting; its epoch and token must be set
 * @param on  what to tell: state(), reply(body), stop(cause), apart(rows) (kept, but from before a take-over), refused(row),
 *   before() where everything is about to be sent at once
 *
 * `outdated` says that a new epoch must begin before anything else is sent.
 */
export class Sender {
  constructor(routes, keeper, on) {
    this.routes = routes;
    this.keeper = keeper;
    this.on = on;
    this.fresh = new Set(); // about to be kept
    this.kept = Promise.resolve();
    this.sending = Promise.resolve();
    this.stopped = false;
    this.ending = null;
    this.outdated = false;
    this.away = lastNetwork(keeper.rows) === "offline"; // a page before this one may have noticed
    this.failures = 0;
    this.most = MOST_ROWS;
    this.timer = null;
    this.due = Infinity;
  }

  /** How many rows the server does not have yet. */
  get unsent() { return this.keeper.rows.length + this.fresh.size; }

  /** How many questions wait with an answer or a flag. */
  get waiting() {
    const rows = [...this.keeper.rows, ...this.fresh].filter((row) => row.k === "answer" || row.k === "flag");
    return new Set(rows.map((row) => row.i)).size;
  }

  /** Whether the last try failed. */
  get failing() { return this.failures > 0; }

  /** Keep a row and send it; `patient` rows wait a little, to ride with the next answer. Resolves when it is kept. */
  put(row, patient = false) {
    if (this.stopped) return this.kept;
    const fresh = { ...row, t: Date.now() };
    this.fresh.add(fresh);
    this.on.state();
    this.kept = this.keeper.change(taken(fresh)).then(() => {
      this.fresh.delete(fresh);
      this.on.state();
      if (!this.failing) this.schedule(patient ? PATIENCE : 0);
    });
    return this.kept;
  }

  /** Send within so many milliseconds; an earlier appointment stands. */
  schedule(milliseconds) {
    const due = Date.now() + milliseconds;
    if (this.timer !== null && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  /** Try now (the network came back, or the page is about to submit). Resolves when nothing waits or a try failed. */
  async flush() {
    this.on.before?.();
    await this.kept;
    await this.send();
    return this.unsent === 0;
  }

  /** The network is gone, as far as something else than a save can tell. */
  lost() {
    if (this.stopped) return;
    this.failures = Math.max(1, this.failures);
    this.leave();
    this.schedule(2 * FIRST_PAUSE * (0.5 + Math.random()));
    this.on.state();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = null;
    const next = this.sending.then(() => alone(`thi:${this.keeper.sitting}`, () => this.drain()));
    this.sending = next.catch(() => {});
    return next;
  }

  async drain() {
    try {
      if (this.keeper.durable) await this.keeper.refresh(); // another tab may have sent some
      while (!this.stopped && (this.keeper.rows.length || this.outdated)) {
        if (!(this.outdated ? await this.renew() : await this.deliver(this.batch()))) break;
      }
      if (this.ending && !this.keeper.rows.length) this.stop(this.ending);
    } finally {
      this.on.state();
    }
  }

  /** The next rows to send: in order, of one epoch, no more than one request may hold. */
  batch() {
    const rows = [];
    let size = 0;
    for (const row of this.keeper.rows.slice(0, this.most)) {
      size += JSON.stringify(row).length * 3; // a letter is at most three bytes
      if (rows.length && (size > MOST_BYTES || row.epoch !== rows[0].epoch)) break;
      rows.push(row);
    }
    return rows;
  }

  async deliver(rows) {
    const { epoch } = rows[0];
    const old = epoch < this.keeper.record.epoch;
    let response;
    let body = {};
    try {
      response = await request(this.routes.save, this.keeper.token(epoch), { rows: rows.map(wire) });
      body = await response.json();
    } catch {
      return this.fail(0, true);
    }
    if (response.status === 200) {
      this.most = MOST_ROWS;
      await this.keeper.change(acknowledged(rows));
      this.back();
      this.on.reply(body);
      // Another tab has begun an epoch: what follows must not be older.
      this.outdated = this.outdated || body.epoch > this.keeper.record.epoch;
      return true;
    }
    if (response.status === 409 && body.cause === "payload") {
      await this.keeper.change(collided(rows, body.conflicts, body.next));
      return true;
    }
    if (response.status === 409 && body.cause === "paused") {
      this.back();
      this.on.reply({ ...body, paused: true });
      this.schedule(10000 + Math.random() * 10000);
      return false;
    }
    if (response.status === 409 && (body.cause === "ended" || body.cause === "other_device")) {
      // The server keeps them apart; what waits behind them goes there too.
      await this.keeper.change(dropped(rows));
      this.back();
      if (old && body.cause === "other_device") this.on.apart(rows);
      else this.ending = body.cause;
      return true;
    }
    if ([400, 404, 413].includes(response.status)) return this.divide(rows);
    if (response.status === 401 && old) {
      await this.keeper.change(adopted(epoch)); // this browser has another name now, and the old token none
      return true;
    }
    if (response.status === 401 || response.status === 409) {
      this.stop(body.cause ?? "request");
      return false;
    }
    return this.fail(Number(response.headers.get("Retry-After") ?? 0) * 1000);
  }

  /** One row that cannot be taken must not keep the others back: find it by sending fewer, and go on without it. */
  async divide(rows) {
    if (rows.length > 1) this.most = Math.ceil(rows.length / 2);
    else {
      this.most = MOST_ROWS;
      await this.keeper.change(dropped(rows));
      this.on.refused(rows[0]);
    }
    return true;
  }

  stop(cause) {
    this.stopped = true;
    this.on.stop(cause);
  }

  fail(pause = 0, unreachable = false) {
    this.failures += 1;
    const growing = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(this.failures - 1, 5));
    this.schedule(Math.max(pause, growing * (0.5 + Math.random())));
    if (unreachable && this.failures > 1) this.leave();
    return false;
  }

  // When the network went and came back is evidence, sent when it is back.

  leave() {
    if (this.away) return;
    this.away = true;
    this.put({ k: "focus", p: "offline" }, true);
  }

  back() {
    this.failures = 0;
    if (!this.away) return;
    this.away = false;
    this.put({ k: "focus", p: "online" }, true);
  }

  /** Begin a new epoch (storage was lost, or another tab has begun one); what waits is numbered anew. False when it failed. */
  async renew() {
    let response;
    let body = {};
    try {
      response = await request(this.routes.renew, this.keeper.token(), {});
      body = await response.json();
    } catch {
      return this.fail(0, true);
    }
    if (!response.ok) {
      if (response.status >= 500) return this.fail(Number(response.headers.get("Retry-After") ?? 0) * 1000);
      this.stop(body.cause ?? "request");
      return false;
    }
    this.outdated = false;
    await this.keeper.change(begun(body.epoch, body.token, body.next, true));
    this.back();
    return true;
  }
}

const lastNetwork = (rows) => rows.filter((row) => row.k === "focus" && /^o/.test(row.p)).at(-1)?.p;

const wire = ({ n, k, i, v, p, t }) => ({ n, k, i, v, p, t });

/** Runs `action` while no other tab does; without locks, or where one is held too long, all the same. */
async function alone(name, action) {
  if (!navigator.locks) return action();
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), LOCK_PATIENCE);
  let begunAlready = false;
  try {
    return await navigator.locks.request(name, { signal: waiting.signal }, () => {
      begunAlready = true;
      clearTimeout(timer);
      return action();
    });
  } catch (problem) {
    if (begunAlready) throw problem;
    return action();
  } finally {
    clearTimeout(timer);
  }
}

/** A JSON request that carries the sitting token; it fails after 20 seconds, and outlives a page that is being left. */
export async function request(url, token, body) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), 20000);
  const text = body === undefined ? undefined : JSON.stringify(body);
  try {
    const response = await fetch(url, {
      method: text === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: text,
      cache: "no-store",
      keepalive: text !== undefined && text.length < MOST_KEPT_ALIVE && document.visibilityState === "hidden",
      signal: ending.signal,
    });
    // The body belongs to it: a connection that stops half-way must not hold up everything that follows.
    const content = await response.text();
    return new Response(content || null, { status: response.status, headers: response.headers });
  } finally {
    clearTimeout(timer);
  }
}

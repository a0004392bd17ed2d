// Sends what happens to the journal: in order, again and again until the server has it, never twice under another key.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const MOST_ROWS = 100;
const MOST_BYTES = 200000;
const MOST_KEPT_ALIVE = 15000;

/**
 * @param page  where answers go ({save, renew} addresses, token)
 * @param memory  the SittingMemory
 * @param on  what to tell: state(unsent, failing), reply(body), stop(cause)
 *
 * `page.token` is replaced when a new epoch begins; `outdated` says that one must begin before anything else is sent.
 */
export class Sender {
  constructor(page, memory, epoch, next, on) {
    this.page = page;
    this.memory = memory;
    this.epoch = epoch;
    this.floor = next;
    this.on = on;
    this.queue = [];
    this.sending = false;
    this.stopped = false;
    this.outdated = false;
    this.failures = 0;
    this.most = MOST_ROWS;
    this.timer = null;
  }

  /** How many rows the server does not have yet. */
  get unsent() { return this.queue.length; }

  /** Whether an answer (not a mere display) is waiting. */
  get unsentAnswers() { return this.queue.filter((row) => row.k === "answer" || row.k === "flag").length; }

  /** Put a row into the queue; `patient` rows wait a little, to ride with the next answer. */
  put(row, patient = false) {
    if (this.stopped) return;
    this.queue.push({ ...row, t: Date.now(), n: this.memory.take(this.epoch, this.floor) });
    this.on.state(this.unsentAnswers, this.failures > 0);
    if (this.failures === 0) this.schedule(patient ? 1500 : 0);
  }

  schedule(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  /** Try now (the network came back, or the page is about to submit). Resolves when the queue is empty or a try failed. */
  async flush() {
    clearTimeout(this.timer);
    this.failures = 0;
    await this.send();
    return this.queue.length === 0;
  }

  async send() {
    while (this.sending) await new Promise((resolve) => setTimeout(resolve, 50));
    this.sending = true;
    try {
      while (!this.stopped && (this.queue.length || this.outdated)) {
        if (!(this.outdated ? await this.renew() : await this.deliver(this.batch()))) break;
      }
    } finally {
      this.sending = false;
      this.on.state(this.unsentAnswers, this.failures > 0);
    }
  }

  /** The next rows to send: in order, no more than one request may hold. */
  batch() {
    const rows = [];
    let size = 0;
    for (const row of this.queue.slice(0, this.most)) {
      size += JSON.stringify(row).length * 3; // a letter is at most three bytes
      if (rows.length && size > MOST_BYTES) break;
      rows.push(row);
    }
    return rows;
  }

  async deliver(rows) {
    let response;
    let body = {};
    try {
      response = await request(this.page.save, this.page.token, { rows });
      body = await response.json();
    } catch {
      return this.fail();
    }
    if (response.status === 200) {
      this.failures = 0;
      this.most = MOST_ROWS;
      this.queue = this.queue.filter((row) => !rows.includes(row));
      this.on.reply(body);
      this.outdated = body.epoch > this.epoch; // another tab has begun an epoch: what follows must not be older
      return true;
    }
    if (response.status === 409 && body.cause === "payload") return this.resolve(rows, body);
    if (rows.length > 1 && (response.status === 400 || response.status === 404 || response.status === 413)) {
      // One row that cannot be taken must not keep the others back: find it by sending fewer.
      this.most = Math.ceil(rows.length / 2);
      return true;
    }
    if ([400, 401, 404, 409, 413].includes(response.status)) {
      this.stopped = true;
      this.on.stop(body.cause ?? "request");
      return false;
    }
    return this.fail(Number(response.headers.get("Retry-After") ?? 0) * 1000);
  }

  /**
   * Another tab has used some of these numbers. The other rows of `rows` were taken; those in conflict go again, and with
   * them everything that waits behind, under new numbers in the same order. What a later row that was taken has replaced is
   * dropped: under a new number it would count as the newer one.
   */
  resolve(rows, body) {
    const conflicts = new Set(body.conflicts);
    const taken = rows.filter((row) => !conflicts.has(row.n));
    const replaced = (row) => rows.includes(row)
      && taken.some((later) => rows.indexOf(later) > rows.indexOf(row) && later.k === row.k && later.i === row.i);
    this.floor = Math.max(this.floor, body.next);
    this.queue = this.renumbered(this.queue.filter((row) => !taken.includes(row) && !replaced(row)));
    return true;
  }

  renumbered(rows) {
    return rows.map((row) => ({ ...row, n: this.memory.take(this.epoch, this.floor) }));
  }

  fail(pause = 0) {
    this.failures += 1;
    const growing = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(this.failures - 1, 5));
    this.schedule(Math.max(pause, growing * (0.5 + Math.random())));
    return false;
  }

  /** Begin a new epoch (storage was lost, or another tab has begun one); what waits is numbered anew. False when it failed. */
  async renew() {
    let response;
    let body = {};
    try {
      response = await request(this.page.renew, this.page.token, {});
      body = await response.json();
    } catch {
      return this.fail();
    }
    if (!response.ok) {
      if (response.status >= 500) return this.fail(Number(response.headers.get("Retry-After") ?? 0) * 1000);
      this.stopped = true;
      this.on.stop(body.cause ?? "request");
      return false;
    }
    this.outdated = false;
    this.failures = 0;
    this.page.token = body.token;
    this.epoch = body.epoch;
    this.floor = body.next;
    this.memory.epoch = body.epoch;
    this.queue = this.renumbered(this.queue);
    return true;
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

// Sends what happens to the journal: in order, again and again until the server has it, never twice under another key.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const MOST_ROWS = 100;

/**
 * @param page  where answers go ({save, renew} addresses, token)
 * @param memory  the SittingMemory
 * @param on  what to tell: state(unsent, failing), reply(body), stop(cause)
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
    this.failures = 0;
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
      while (this.queue.length && !this.stopped) {
        const rows = this.queue.slice(0, MOST_ROWS);
        if (!(await this.deliver(rows))) break;
      }
    } finally {
      this.sending = false;
      this.on.state(this.unsentAnswers, this.failures > 0);
    }
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
      const sent = new Set(rows.map((row) => row.n));
      this.queue = this.queue.filter((row) => !sent.has(row.n));
      this.on.reply(body);
      if (body.epoch > this.epoch) await this.renew();
      return true;
    }
    if (response.status === 409 && body.cause === "payload") {
      // Another tab has used these numbers: the same content goes again under new ones.
      const taken = new Set(body.conflicts);
      this.floor = Math.max(this.floor, body.next);
      this.queue = this.queue
        .filter((row) => taken.has(row.n) || !rows.includes(row))
        .map((row) => (taken.has(row.n) ? { ...row, n: this.memory.take(this.epoch, this.floor) } : row));
      return true;
    }
    if (response.status === 409 || response.status === 401 || response.status === 404 || response.status === 400) {
      this.stopped = true;
      this.on.stop(body.cause ?? "request");
      return false;
    }
    return this.fail(Number(response.headers.get("Retry-After") ?? 0) * 1000);
  }

  fail(pause = 0) {
    this.failures += 1;
    const growing = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(this.failures - 1, 5));
    this.schedule(Math.max(pause, growing) * (0.5 + Math.random()));
    return false;
  }

  /** Begin a new epoch (storage was lost, or another tab has begun one); what waits is numbered anew. */
  async renew() {
    const response = await request(this.page.renew, this.page.token, {});
    const body = await response.json();
    if (!response.ok) {
      this.stopped = true;
      this.on.stop(body.cause ?? "request");
      return;
    }
    this.page.token = body.token;
    this.epoch = body.epoch;
    this.floor = body.next;
    this.memory.epoch = body.epoch;
    this.queue = this.queue.map((row) => ({ ...row, n: this.memory.take(this.epoch, this.floor) }));
    this.on.token(body.token);
  }
}

/** A JSON request that carries the sitting token. */
export function request(url, token, body, options = {}) {
  return fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
    signal: AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined,
    ...options,
  });
}

// Between the page and the server: what is saved, what waits, how long there is, what the organiser says, when it is over.

import { duration, now, setServerTime } from "./clock.js";
import { message, Messages, notice, speak } from "./lines.js";
import { fill } from "./map.js";
import { request } from "./sender.js";
import { noted } from "./steps.js";

const BEAT = 25000;
const JITTER = 10000;
const LATE = 5 * 60 * 1000;

// The deadline is told in milliseconds, and pauses in whole seconds; less than this is no news.
const NEWS = 5000;

const find = (name) => document.querySelector(`[data-${name}]`);

export class Connection {
  /** @param parts  {root, words, keeper, sender, redraw} */
  constructor({ root, words, keeper, sender, redraw }) {
    Object.assign(this, { root, words, keeper, sender, redraw });
    this.deadline = 0;
    this.paused = false;
    this.over = false; // time is up, as far as this page knows
    this.leaving = false;
    this.closed = false; // another device has the sitting
    this.stoppedAt = null;
    this.heard = 0; // of the server, by the steady clock
    this.overSince = 0; // likewise
    this.warned = { five: false, one: false };
    this.messages = new Messages({ message: words.message_title, pause: words.pause_reason, extra: words.extra_reason }, (number) => this.read(number));
  }

  start() {
    this.deadline = this.keeper.record.deadline;
    this.showDeadline();
    find("promise").hidden = this.keeper.durable;
    this.keeper.onLost = () => { find("promise").hidden = false; };
    this.keeper.onGone = (where) => {
      if (this.leaving) return;
      this.end();
      location.replace(where ?? this.root.dataset.done);
    };
    window.addEventListener("online", () => this.askTime());
    window.addEventListener("offline", () => this.sender.lost());
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && !this.keeper.durable && this.sender.waiting) event.preventDefault();
    });
    this.showSaved();
    setInterval(() => this.tick(), 250);
    this.heard = performance.now();
    this.beatLater();
  }

  // ---- what the server says ----

  takeReply(body) {
    this.take(body);
    if (body.notice > Math.max(this.keeper.record.read, this.messages.newest)) this.askMessages();
    if (this.over && !this.leaving && (this.paused || this.deadline > now() + 1000)) { // moved, or stopped, in the last seconds
      this.over = false;
      find("main").inert = false;
      this.showSaved();
    }
  }

  /** What every answer tells: the time, when it is up, and since when it stands still ("paused_at", null: it does not). */
  take(body) {
    setServerTime(body.now);
    this.heard = performance.now();
    const pausedAt = body.paused_at ?? (body.paused ? now() : null);
    if (body.deadline) this.takeDeadline(body.deadline, pausedAt !== null);
    this.pause(pausedAt);
  }

  takeDeadline(deadline, paused) {
    const more = this.deadline ? deadline - this.deadline : 0;
    this.deadline = deadline;
    if (Math.abs(more) < NEWS) return;
    this.showDeadline();
    this.keeper.change(noted({ deadline, offset: now() - Date.now() }));
    if (this.paused && !paused) return; // a pause that is over gives its time back: the page says that
    const amount = more >= 60000 ? [this.words.more_minutes, Math.round(more / 60000)] : [this.words.more_seconds, Math.round(more / 1000)];
    const title = more > 0 ? fill(amount[0], { count: amount[1] }) : this.words.less_time;
    message(title, fill(this.words.new_deadline, { time: clockTime(deadline) }));
  }

  showDeadline() {
    for (const place of document.querySelectorAll("[data-deadline-time]")) place.textContent = clockTime(this.deadline);
  }

  pause(since) {
    const paused = since !== null;
    this.stoppedAt = since;
    if (paused === this.paused) return;
    this.paused = paused;
    find("time-label").textContent = paused ? this.words.standing : this.words.left;
    find("time").classList.toggle("is-standing", paused);
    if (paused) speak(find("paused").textContent);
    else message(this.words.resumed_title, fill(this.words.resumed, { time: clockTime(this.deadline) }));
    this.redraw();
  }

  async askMessages() {
    if (this.asking) return;
    this.asking = true;
    try {
      const after = Math.max(this.keeper.record.read, this.messages.newest);
      const response = await request(`${this.root.dataset.messages}?sau=${after}`, this.keeper.token());
      if (response.ok) this.messages.show((await response.json()).notices);
    } catch { /* the next answer tells it again */ }
    this.asking = false;
  }

  read(number) {
    if (number > this.keeper.record.read) this.keeper.change(noted({ read: number }));
  }

  /** Nothing more can be sent from here, for `cause`. */
  async stopped(cause) {
    this.sender.stopped = true;
    if (cause === "ended") await this.leave(this.root.dataset.done);
    else if (cause === "other_device") {
      this.closed = true;
      notice(this.words.other_device_title, this.words.other_device, "is-danger", this.root.dataset.takeOver, this.words.other_device_link);
      find("main").inert = true;
      document.querySelector(".sit-bottom").inert = true;
    } else notice("", this.words.reload, "is-danger", location.href, this.words.review);
  }

  /** The server keeps apart what this device had not sent before another took over. */
  apart(rows) {
    if (rows.some((row) => row.k === "answer")) message(this.words.apart_title, this.words.apart);
  }

  /** The server does not take this row, whatever happens. */
  refused(row) {
    this.redraw();
    if (row.i !== undefined && row.k !== "display") message(fill(this.words.refused_title, { number: row.i + 1 }), this.words.refused);
  }

  // ---- what is saved ----

  showSaved() {
    const { sender, words } = this;
    const count = sender.waiting;
    const saved = find("saved");
    saved.hidden = false;
    saved.classList.toggle("is-waiting", count > 0);
    find("saved-text").textContent = count === 0 ? words.saved : sender.failing || sender.stopped ? fill(words.unsent, { count }) : words.saving;
    if (this.over) this.afterTime();
    if (this.over || sender.stopped) return;
    if (!sender.failing) notice("", "");
    else notice(words.offline_title, [this.keeping(count), words.offline_go_on].filter(Boolean).join(" "));
  }

  keeping(count) {
    if (!this.keeper.durable) return this.words.offline_stay;
    return count ? fill(this.words.offline_kept, { count }) : this.words.offline_all_saved;
  }

  // ---- time ----

  tick() {
    const rest = this.deadline - (this.paused ? this.stoppedAt : now());
    find("left").textContent = duration(rest);
    find("time").classList.toggle("is-late", rest < LATE);
    if (this.paused) return;
    this.announce(rest);
    if (rest <= 0 && !this.over) {
      this.over = true;
      this.overSince = performance.now();
      notice("", this.words.time_over, "is-info");
      find("main").inert = true;
      this.askTime();
    }
  }

  /** Time is up: the page goes once the server says so too and everything is sent. What arrives late is kept apart, what is
   * thrown away is gone. */
  afterTime() {
    const { sender, words } = this;
    if (this.leaving || sender.stopped) return;
    if (sender.waiting > 0) {
      if (sender.failing) notice(words.offline_title, fill(words.time_over_unsent, { count: sender.waiting }));
    } else if (this.heard > this.overSince && !sender.failing) {
      this.leaving = true;
      setTimeout(() => this.leave(this.root.dataset.done), 1500);
    }
  }

  announce(rest) {
    // Read out once each; the running figures are not.
    for (const [name, limit, text] of [["five", LATE, this.words.five_minutes], ["one", 60000, this.words.one_minute]]) {
      if (!this.warned[name] && rest > 0 && rest < limit) {
        this.warned[name] = true;
        speak(text);
      }
    }
  }

  /** Ask again when nothing has been heard for about BEAT: the answer to a save says as much as a heartbeat's. */
  beatLater() {
    const quiet = Math.min(BEAT, performance.now() - this.heard);
    setTimeout(() => this.beat(), BEAT - quiet + (Math.random() - 0.5) * JITTER);
  }

  async beat() {
    if (this.leaving || this.sender.stopped) return;
    if (performance.now() - this.heard > BEAT - JITTER) {
      await this.askTime();
      this.heard = Math.max(this.heard, performance.now() - JITTER); // without network the next one is not at once
    }
    this.beatLater();
  }

  /** Ask the server how things stand; what waits is sent when it answers. */
  async askTime() {
    try {
      const response = await request(this.root.dataset.beat, this.keeper.token(), {});
      const body = await response.json();
      if (response.ok) this.takeReply(body);
      else if (response.status === 409) await this.refusedBeat(body.cause);
      if (response.ok && (this.sender.unsent || this.sender.failing || this.over)) await this.sender.flush();
    } catch {
      this.sender.lost();
    }
  }

  async refusedBeat(cause) {
    if (this.sender.unsent) await this.sender.flush(); // even then the server keeps what it is given, apart
    if (!this.sender.stopped && !this.leaving) await this.stopped(cause);
  }

  /** The sitting is over here: nothing of it stays on this device. */
  async leave(url) {
    this.end();
    if (!this.sender.unsent) await this.keeper.wipe();
    location.replace(url);
  }

  /** From here on nothing is written any more: it would outlive what is wiped. */
  end() {
    this.over = true;
    this.leaving = true;
    this.sender.stopped = true;
  }
}

/** "08:25" in Viet Nam, wherever the device thinks it is. */
function clockTime(milliseconds) {
  return new Date(milliseconds).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
}

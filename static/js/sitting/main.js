// The sitting: one question at a time, each answer sent at once, the time by the server's clock. Without this script the
// page is a form a question.

import { duration, now, onWaking, setServerTime } from "./clock.js";
import { fill, showMap, showNumbers } from "./map.js";
import { showQuestion } from "./question.js";
import { request, Sender } from "./sender.js";
import { SittingMemory, storageWorks } from "./storage.js";

const BEAT = 25000;
const LATE = 5 * 60 * 1000;

const root = document.getElementById("sitting");
const find = (name) => document.querySelector(`[data-${name}]`);
const words = JSON.parse(root.dataset.words);
const kinds = JSON.parse(root.dataset.kinds);
const labels = document.getElementById("labels").dataset;
const page = {
  token: root.dataset.token,
  save: root.dataset.save,
  renew: root.dataset.renew,
};
const memory = new SittingMemory(root.dataset.sitting);
const state = { items: [], answers: new Map(), flags: new Set(), seen: new Set(), current: 0, reviewing: false, deadline: 0 };
let sender;
let over = false;
let leaving = false;
let warned = { five: false, one: false };

/** The paper, asked for until it comes; meanwhile, and where it is refused (null), the page goes on as forms. */
async function fetchPaper() {
  for (let pause = 1000; ; pause = Math.min(2 * pause, 15000)) {
    try {
      const response = await request(root.dataset.paper, page.token);
      const body = await response.json();
      if (response.ok) return body;
      if (response.status === 409) location.replace(body.cause === "ended" ? root.dataset.done : root.dataset.takeOver);
      if (response.status < 500) return null;
    } catch { /* no network */ }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}

async function begin() {
  const body = await fetchPaper();
  if (body === null) return;
  state.items = body.items;
  for (const [item, answer] of Object.entries(body.answers)) state.answers.set(Number(item), answer);
  body.flags.forEach((item) => state.flags.add(item));
  body.seen.forEach((item) => state.seen.add(item));
  setServerTime(body.now);
  state.deadline = body.deadline;
  sender = new Sender(page, memory, body.epoch, body.next, {
    state: showSaved, reply: takeReply, stop: stopped,
  });
  if (body.next > 1 && (!storageWorks() || memory.epoch !== body.epoch)) sender.outdated = true;
  else memory.epoch = body.epoch;

  const form = document.getElementById("question-form");
  const touched = takeChosen(form);
  const asked = touched ?? Number(new URLSearchParams(location.search).get("cau") ?? 0) - 1;
  const firstOpen = state.items.findIndex((_item, n) => !state.answers.has(n));
  form.addEventListener("submit", (event) => event.preventDefault());
  find("back").addEventListener("click", press(() => go(state.current - 1)));
  find("next").addEventListener("click", press(() => (state.current + 1 < state.items.length ? go(state.current + 1) : review())));
  for (const button of document.querySelectorAll("[data-open-review]")) button.addEventListener("click", press(review));
  find("go-on").addEventListener("click", press(() => go(state.current)));
  find("hand-in").addEventListener("click", press(handIn));
  document.addEventListener("keydown", keys);
  document.addEventListener("visibilitychange", () => {
    sender.put({ k: "focus", p: document.visibilityState }, true);
    if (document.visibilityState === "hidden") sender.flush();
  });
  window.addEventListener("online", () => sender.flush());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  showSaved(sender.unsentAnswers, false);
  go(asked >= 0 && asked < state.items.length ? asked : Math.max(0, firstOpen), false);
  setInterval(tick, 250);
  onWaking(askTime);
  beatLater();
}

/** What somebody chose in the page's own form before this script had begun counts; returns its question, or null. */
function takeChosen(form) {
  const item = Number(form.elements.cau.value);
  const options = [...form.querySelectorAll("[name=chon]")];
  const flag = form.querySelector("[name=danh_dau]");
  const changed = (input) => input.checked !== input.defaultChecked;
  const touched = options.some(changed) || changed(flag);
  if (options.some(changed)) {
    const chosen = options.filter((input) => input.checked).map((input) => Number(input.value));
    answered(item, chosen.length ? chosen : null);
  }
  if (changed(flag)) flagged(item, flag.checked);
  return touched ? item : null;
}

const press = (action) => (event) => { event.preventDefault(); action(); };

function go(item, focus = true) {
  if (item < 0 || item >= state.items.length) return;
  state.current = item;
  state.reviewing = false;
  const question = state.items[item];
  const legend = showQuestion(document.getElementById("question-form"), question, state.answers.get(item),
    state.flags.has(item), { kind: kinds[question.type] ?? "" }, {
      answer: (positions) => answered(item, positions),
      flag: (on) => flagged(item, on),
    });
  if (!state.seen.has(item)) {
    // The first question's acknowledged display begins the time used: it does not wait.
    const first = state.seen.size === 0;
    state.seen.add(item);
    sender.put({ k: "display", i: item, v: question.version, p: null }, !first);
  }
  history.replaceState(null, "", `?cau=${item + 1}`);
  draw();
  window.scrollTo(0, 0);
  if (focus) legend.focus({ preventScroll: true });
}

function answered(item, positions) {
  if (positions === null) state.answers.delete(item);
  else state.answers.set(item, positions);
  sender.put({ k: "answer", i: item, v: state.items[item].version, p: positions });
  draw();
}

function flagged(item, on) {
  if (on) state.flags.add(item);
  else state.flags.delete(item);
  sender.put({ k: "flag", i: item, p: on });
  draw();
}

function draw() {
  const total = state.items.length;
  const number = find("number");
  if (state.reviewing) number.textContent = words.review;
  else {
    const of = document.createElement("span");
    of.className = "of";
    of.textContent = fill(words.of, { total });
    number.replaceChildren(`${fill(words.question, { number: state.current + 1 })} `, of);
  }
  find("strip").value = state.answers.size;
  find("count").textContent = `${state.answers.size}/${total}`;
  showMap(find("map"), state, words, go);
  find("main").hidden = state.reviewing;
  find("side").hidden = state.reviewing;
  find("review").hidden = !state.reviewing;
  find("back").hidden = state.reviewing;
  find("next").hidden = state.reviewing;
  for (const button of document.querySelectorAll("[data-open-review]")) button.hidden = state.reviewing;
  find("go-on").hidden = !state.reviewing;
  find("hand-in").hidden = !state.reviewing;
  find("back").disabled = state.current === 0;
  find("next-text").textContent = state.current + 1 < total ? labels.textNext : labels.textReview;
}

function review() {
  state.reviewing = true;
  const unanswered = state.items.map((_item, n) => n).filter((n) => !state.answers.has(n));
  const title = find("review-title");
  title.textContent = unanswered.length
    ? fill(words.unanswered, { count: unanswered.length }) : fill(words.all_answered, { total: state.items.length });
  find("review-hint").hidden = unanswered.length === 0;
  showNumbers(find("unanswered"), unanswered, words, go);
  find("flagged-block").hidden = state.flags.size === 0;
  showNumbers(find("flagged"), [...state.flags].sort((a, b) => a - b), words, go);
  showMap(find("map-big"), state, words, go, true);
  find("submit-problem").hidden = true;
  draw();
  window.scrollTo(0, 0);
  title.focus({ preventScroll: true });
}

async function handIn() {
  const button = find("hand-in");
  const label = button.textContent;
  button.disabled = true;
  button.textContent = words.submitting;
  try {
    if (!(await sender.flush()) && !sender.stopped) throw new Error("unsent");
    const response = await request(root.dataset.submit, page.token, {});
    const body = await response.json();
    if (response.ok) {
      leave(body.url);
      return;
    }
    if (response.status === 409) {
      stopped(body.cause);
      return;
    }
    throw new Error(String(response.status));
  } catch {
    const problem = find("submit-problem");
    problem.textContent = words.submit_failed;
    problem.hidden = false;
    button.disabled = false;
    button.textContent = label;
  }
}

function leave(url) {
  over = true;
  leaving = true;
  memory.wipe();
  location.replace(url);
}

// ---- what the server says ----

function takeReply(body) {
  setServerTime(body.now);
  if (body.deadline) state.deadline = body.deadline;
  if (over && !leaving && state.deadline > now() + 1000) { // the window was moved in the last seconds
    over = false;
    find("main").inert = false;
    notice("", "");
  }
}

function stopped(cause) {
  if (cause === "ended") {
    leave(root.dataset.done);
  } else if (cause === "other_device") {
    notice(words.other_device_title, words.other_device, "is-danger", root.dataset.takeOver, words.other_device_link);
    find("main").inert = true;
    document.querySelector(".sit-bottom").inert = true;
  } else {
    notice("", words.reload, "is-danger", location.href, words.review);
  }
}

function showSaved(unsent, failing) {
  const saved = find("saved");
  saved.hidden = false;
  saved.classList.toggle("is-waiting", unsent > 0);
  find("saved-text").textContent = unsent === 0 ? words.saved : failing || sender.stopped ? fill(words.unsent, { count: unsent }) : words.saving;
  if (over) afterTime(failing);
  if (over || sender.stopped) return;
  if (unsent > 0 && failing) notice(words.offline_title, fill(words.offline, { count: unsent }));
  else notice("", "");
}

function notice(title, text, tone = "", link = "", label = "") {
  const line = find("notice");
  line.hidden = !title && !text;
  line.className = `sit-notice ${tone}`;
  find("notice-title").textContent = title;
  find("notice-text").textContent = text;
  const anchor = find("notice-link");
  anchor.hidden = !link;
  anchor.textContent = label;
  if (link) anchor.href = link;
}

// ---- time ----

function tick() {
  const rest = state.deadline - now();
  const time = find("time");
  find("left").textContent = duration(rest);
  time.classList.toggle("is-late", rest < LATE);
  announce(rest);
  if (rest <= 0 && !over) {
    over = true;
    notice("", words.time_over, "is-info");
    find("main").inert = true;
    sender.flush();
  }
}

/** Time is up: the page goes once everything is sent. What arrives late is kept apart, what is thrown away is gone. */
function afterTime(failing) {
  if (leaving || sender.stopped) return;
  if (sender.unsentAnswers > 0) {
    if (failing) notice(words.offline_title, fill(words.time_over_unsent, { count: sender.unsentAnswers }));
  } else if (navigator.onLine !== false) {
    leaving = true;
    setTimeout(() => leave(root.dataset.done), 1500);
  }
}

function announce(rest) {
  // Read out once each; the running figures are not.
  for (const [name, limit, text] of [["five", LATE, words.five_minutes], ["one", 60000, words.one_minute]]) {
    if (!warned[name] && rest > 0 && rest < limit) {
      warned[name] = true;
      find("time").setAttribute("aria-label", text);
      find("time").setAttribute("role", "status");
    }
  }
}

function beatLater() {
  setTimeout(beat, BEAT + (Math.random() - 0.5) * 10000);
}

async function beat() {
  if (leaving || sender.stopped) return;
  await askTime();
  beatLater();
}

async function askTime() {
  try {
    const response = await request(root.dataset.beat, page.token, {});
    const body = await response.json();
    if (response.ok) takeReply(body);
    else if (response.status === 409) await refused(body.cause);
    if (response.ok && (sender.unsent || over)) await sender.flush();
  } catch { /* the sender says so */ }
}

async function refused(cause) {
  if (sender.unsent) await sender.flush(); // even then the server keeps what it is given, apart
  if (sender.stopped || leaving) return;
  sender.stopped = true;
  stopped(cause);
}

// ---- keyboard ----

function keys(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || state.reviewing) return;
  if (event.target instanceof HTMLInputElement && event.key.startsWith("Arrow")) return;
  if (event.key === "ArrowRight") go(state.current + 1);
  else if (event.key === "ArrowLeft") go(state.current - 1);
  else {
    const position = "abcdefghij".indexOf(event.key.toLowerCase());
    const number = "1234567890".indexOf(event.key);
    const input = document.getElementById(`o${position >= 0 ? position : number}`);
    if (input) { input.click(); input.focus(); }
  }
}

begin();

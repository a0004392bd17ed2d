// The sitting: one question at a time, each answer kept here, then sent; the time by the server's clock. Without this script
// the page is a form a question.

import { guessServerTime, onWaking } from "./clock.js";
import { Connection } from "./connection.js";
import { readAnswer, wasTouched } from "./controls.js";
import { Drafts } from "./drafts.js";
import { Keeper } from "./keeper.js";
import { fill, showMap, showNumbers } from "./map.js";
import { showAnswer, showQuestion } from "./question.js";
import { request, Sender } from "./sender.js";
import { begun, shown, told, undrafted } from "./steps.js";
import { keepPage } from "./worker-setup.js";

const root = document.getElementById("sitting");
const find = (name) => document.querySelector(`[data-${name}]`);
const words = JSON.parse(root.dataset.words);
const kinds = JSON.parse(root.dataset.kinds);
const labels = document.getElementById("labels").dataset;
const state = { items: [], answers: new Map(), flags: new Set(), seen: new Set(), current: 0, reviewing: false };
let keeper;
let sender;
let connection;
let drafts;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The paper, asked for until it comes; where it is refused (null) the page goes on as forms. */
async function fetchPaper() {
  for (let wait = 1000; ; wait = Math.min(2 * wait, 15000)) {
    try {
      const response = await request(root.dataset.paper, keeper.token());
      const body = await response.json();
      if (response.ok) return body;
      if (response.status === 409) location.replace(body.cause === "ended" ? root.dataset.done : root.dataset.takeOver);
      if (response.status < 500) return null;
    } catch { /* no network */ }
    await pause(wait * (0.5 + Math.random()));
  }
}

async function begin() {
  keeper = await Keeper.open(root.dataset.sitting);
  const known = keeper.record.epoch;
  const epoch = Number(root.dataset.epoch);
  if (epoch > known) await keeper.change(begun(epoch, root.dataset.token, 1));
  sender = new Sender(root.dataset, keeper, {
    state: () => connection.showSaved(),
    reply: (body) => connection.takeReply(body),
    stop: (cause) => connection.stopped(cause),
    apart: (rows) => connection.apart(rows),
    refused: (row) => connection.refused(row),
    before: () => drafts.settle(),
  });
  drafts = new Drafts(keeper, left);
  connection = new Connection({ root, words, keeper, sender, redraw: look });
  const asked = fetchPaper();
  // What this browser has kept is shown at once, with or without network. Where another device, or another memory of this
  // one, has begun an epoch since, the server's answer comes first.
  const local = epoch <= known ? await keeper.paper() : null;
  if (local) {
    guessServerTime(keeper.record.offset);
    state.items = local;
    asked.then((body) => body && take(body).then(look));
  } else {
    const body = await asked;
    if (body === null) return;
    if (epoch > known && body.next > 1) sender.outdated = true;
    state.items = body.items;
    await take(body);
  }
  keeper.onChange = look;
  wire();
  connection.start();
  // Back in a sitting: a pause may have begun meanwhile, messages may wait.
  if (state.seen.size > 1 || local) connection.askTime();
  sender.flush();
  keepPage(root.dataset.sitting);
}

async function take(body) {
  connection.take(body);
  await keeper.change(told(body, body.now - Date.now()));
  await keeper.keepPaper(body.items);
}

function wire() {
  const form = document.getElementById("question-form");
  drafts.recover();
  refresh();
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
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  onWaking(() => connection.askTime());
  go(asked >= 0 && asked < state.items.length ? asked : Math.max(0, firstOpen), false);
}

/** What somebody chose in the page's own form before this script had begun counts; returns its question, or null. */
function takeChosen(form) {
  const item = Number(form.elements.cau.value);
  const flag = form.querySelector("[name=danh_dau]");
  const changed = (input) => input.checked !== input.defaultChecked;
  const touched = wasTouched(form);
  if (touched) answered(item, readAnswer(form));
  if (changed(flag)) flagged(item, flag.checked);
  return touched || changed(flag) ? item : null;
}

const press = (action) => (event) => { event.preventDefault(); action(); };

/** Everything that is known, the server's and what it does not have yet. */
function refresh() {
  Object.assign(state, shown(keeper.record, [...keeper.rows, ...sender.fresh]));
  drafts.over(state.answers);
}

/** Show what has changed elsewhere: in another tab, by the server, by the clock. */
function look() {
  refresh();
  showAnswer(state.answers.get(state.current));
  const flag = document.querySelector("#question-form .flag-button");
  if (flag) flag.setAttribute("aria-pressed", String(state.flags.has(state.current)));
  connection.showSaved();
  draw();
}

function go(item, focus = true) {
  if (item < 0 || item >= state.items.length) return;
  drafts.settle();
  state.current = item;
  state.reviewing = false;
  const question = state.items[item];
  const legend = showQuestion(document.getElementById("question-form"), question, state.answers.get(item),
    state.flags.has(item), { kind: kinds[question.type] ?? "" }, {
      answer: (answer, typing) => (typing ? typed(item, answer, typing === "composing") : left(item, answer)),
      flag: (on) => flagged(item, on),
    });
  // The first question's acknowledged display begins the time used: it does not wait.
  if (!state.seen.has(item)) happens({ k: "display", i: item, v: question.version, p: null }, state.seen.size > 0);
  history.replaceState(null, "", `?cau=${item + 1}`);
  draw();
  window.scrollTo(0, 0);
  if (focus) legend.focus({ preventScroll: true });
}

/** Somebody is typing. */
function typed(item, answer, composing) {
  const before = state.answers.has(item);
  drafts.type(item, answer, composing);
  refresh();
  if (state.answers.has(item) !== before) draw();
}

/** A field was left after typing, or something chosen: an answer, unless it was one before. */
function left(item, answer) {
  drafts.drop();
  refresh();
  if (JSON.stringify(state.answers.get(item) ?? null) !== JSON.stringify(answer)) answered(item, answer);
  else keeper.change(undrafted(item));
}

function answered(item, answer) {
  happens({ k: "answer", i: item, v: state.items[item].version, p: answer });
  draw();
}

function flagged(item, on) {
  happens({ k: "flag", i: item, p: on });
  draw();
}

function happens(row, patient = false) {
  sender.put(row, patient);
  refresh();
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
  const { paused } = connection;
  find("paused").hidden = !paused;
  document.querySelector(".sit-bottom").inert = paused || connection.closed;
  find("main").hidden = state.reviewing || paused;
  find("side").hidden = state.reviewing || paused;
  find("review").hidden = !state.reviewing || paused;
  find("back").hidden = state.reviewing;
  find("next").hidden = state.reviewing;
  for (const button of document.querySelectorAll("[data-open-review]")) button.hidden = state.reviewing;
  find("go-on").hidden = !state.reviewing;
  find("hand-in").hidden = !state.reviewing;
  find("back").disabled = state.current === 0;
  find("next-text").textContent = state.current + 1 < total ? labels.textNext : labels.textReview;
}

function review() {
  drafts.settle();
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
    const response = await request(root.dataset.submit, keeper.token(), {});
    const body = await response.json();
    if (response.ok) {
      await connection.leave(body.url);
      return;
    }
    if (response.status === 409) {
      connection.stopped(body.cause);
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

function keys(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || state.reviewing || connection.paused) return;
  // In a list that opens, and where words are typed, keys mean something else.
  if (event.target.matches?.("select, textarea, input:not([type=radio], [type=checkbox])")) return;
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

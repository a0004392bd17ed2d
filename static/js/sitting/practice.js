// Three questions on the waiting page, to try one's hand on: built by the sitting's own module, sent nowhere, counted nowhere.

import { fill } from "./map.js";
import { showQuestion } from "./question.js";

export function startPractice(page, words) {
  const opener = page.querySelector("[data-practice-open]");
  const box = page.querySelector("[data-practice]");
  const form = box.querySelector("form");
  const title = box.querySelector("[data-practice-title]");
  const next = box.querySelector("[data-practice-next]");
  const end = box.querySelector("[data-practice-end]");
  const questions = JSON.parse(box.dataset.practice);
  let current = 0;

  const show = () => {
    const done = current === questions.length;
    form.hidden = done;
    end.hidden = !done;
    next.hidden = done;
    title.textContent = done ? words.practice_end : fill(words.practice_of, { number: current + 1, total: questions.length });
    if (done) title.focus();
    else {
      const question = questions[current];
      showQuestion(form, question, null, false, { kind: question.kind }, { answer() {}, flag() {} }).focus();
    }
  };
  const close = () => {
    box.hidden = true;
    opener.hidden = false;
    opener.focus();
  };

  opener.hidden = false;
  opener.addEventListener("click", () => {
    current = 0;
    opener.hidden = true;
    box.hidden = false;
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  next.addEventListener("click", () => { current += 1; show(); });
  box.querySelector("[data-practice-close]").addEventListener("click", close);
}

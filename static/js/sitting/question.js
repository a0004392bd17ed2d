// Shows one question and reads its answer. Answers are positions as shown; the server knows which options they are.

import { buildControl } from "./controls.js";

let control = null;

/** Builds the question's fieldset; `on.answer(answer | null)` is called whenever the answer changes. */
export function showQuestion(form, item, answer, flagged, words, on) {
  const fieldset = document.createElement("fieldset");
  fieldset.className = "question";
  const legend = document.createElement("legend");
  legend.className = "stem";
  legend.tabIndex = -1;
  const kind = document.createElement("span");
  kind.className = "question-kind";
  kind.textContent = [item.topic, words.kind].filter(Boolean).join(" · ");
  legend.append(kind, item.stem);
  control = buildControl(item, answer, on.answer);
  fieldset.append(legend, control.element, flag(flagged, on.flag));
  for (const old of form.querySelectorAll("fieldset")) old.remove();
  form.append(fieldset);
  return legend;
}

/** The question that stands there shows another answer to it. */
export function showAnswer(answer) {
  control?.show(answer);
}

function flag(flagged, change) {
  const button = document.getElementById("flag-template").content.firstElementChild.cloneNode(true);
  button.setAttribute("aria-pressed", String(flagged));
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    change(on);
  });
  return button;
}

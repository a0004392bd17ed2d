// Shows one question and reads its answer. Answers are positions as shown; the server knows which options they are.

const LETTERS = "ABCDEFGHIJ";

/** Builds the question's fieldset; `change(positions | null)` is called whenever the answer changes. */
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
  fieldset.append(legend, options(item, answer, on.answer), flag(flagged, on.flag));
  for (const old of form.querySelectorAll("fieldset")) old.remove();
  form.append(fieldset);
  return legend;
}

function options(item, answer, change) {
  const many = item.type === "multiple";
  const list = document.createElement("div");
  list.className = "options";
  const template = document.getElementById("option-template");
  item.options.forEach((text, position) => {
    const option = template.content.cloneNode(true);
    const input = option.querySelector("input");
    input.type = many ? "checkbox" : "radio";
    input.value = String(position);
    input.id = `o${position}`;
    input.checked = (answer ?? []).includes(position);
    option.querySelector("label").htmlFor = input.id;
    option.querySelector(".letter").textContent = LETTERS[position];
    option.querySelector(".words").textContent = text;
    list.append(option);
  });
  list.addEventListener("change", () => {
    const chosen = [...list.querySelectorAll("input:checked")].map((input) => Number(input.value));
    change(chosen.length ? chosen : null);
  });
  return list;
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

// What a question is answered with. A builder makes its control out of the page's templates: (item, answer, change) =>
// { element, show }; `change(answer | null, typing?)` is called whenever the answer changes (`typing`: more is coming), `show(answer)` shows another one.
// Answers are positions of options as shown, or for each row a choice (a number) or words, null where there is none.

import { ordering } from "./ordering.js";
import { rowFrom } from "./rows.js";
import { cloze, typed } from "./typed.js";

const LETTERS = "ABCDEFGHIJKLMNO";

const BUILDERS = { options, statements, matching, ordering, typed, cloze };

export const buildControl = (item, answer, change) => BUILDERS[item.control ?? "options"](item, answer, change, { readAnswer, showFields });

function options(item, answer, change) {
  const many = item.type === "multiple";
  const element = document.createElement("div");
  element.className = "options";
  const template = document.getElementById("option-template");
  item.options.forEach((text, position) => {
    const option = template.content.cloneNode(true);
    const input = option.querySelector("input");
    input.type = many ? "checkbox" : "radio";
    input.value = String(position);
    input.id = `o${position}`;
    option.querySelector("label").htmlFor = input.id;
    option.querySelector(".letter").textContent = LETTERS[position];
    option.querySelector(".words").textContent = text;
    element.append(option);
  });
  return reporting(element, answer, change);
}

function statements(item, answer, change) {
  const element = rowsOf("ol", item.rows.map((text, row) => rowFrom("statement-template", row, text)));
  return reporting(element, answer, change);
}

function matching(item, answer, change) {
  const element = document.createElement("div");
  const choices = document.createElement("ul");
  choices.className = "choice-list";
  item.options.forEach((text, position) => {
    const line = rowFrom("choice-template", position, text);
    line.querySelector(".letter").textContent = LETTERS[position];
    choices.append(line);
  });
  const rows = item.rows.map((text, row) => {
    const made = rowFrom("matching-template", row, text);
    made.querySelector("select").append(...item.options.map((option, position) => new Option(`${LETTERS[position]}. ${option}`, position)));
    return made;
  });
  element.append(choices, rowsOf("ol", rows));
  return reporting(element, answer, change);
}

function reporting(element, answer, change) {
  element.addEventListener("change", () => change(readAnswer(element)));
  const show = (value) => showFields(element, value);
  show(answer);
  return { element, show };
}

function rowsOf(tag, rows) {
  const list = document.createElement(tag);
  list.className = "answer-rows";
  list.append(...rows);
  return list;
}

const rowFields = (holder) => [...holder.querySelectorAll("[name^='chon-'], [name^='chu-']")];
const rowOf = (field) => Number(field.name.split("-")[1]);

/** What the fields in `holder` answer, whoever has made them: this script or the page without scripts. */
export function readAnswer(holder) {
  const all = [...holder.querySelectorAll("[name=chon]")];
  if (all.length) {
    const chosen = all.filter((input) => input.checked).map((input) => Number(input.value));
    return chosen.length ? chosen : null;
  }
  const rows = [];
  for (const field of rowFields(holder)) {
    const row = rowOf(field);
    rows[row] ??= null;
    const value = field.type === "radio" && !field.checked ? "" : field.value.trim();
    if (value !== "") rows[row] = field.name.startsWith("chu-") ? value : Number(value);
  }
  return rows.some((value) => value !== null) ? rows : null;
}

/** Have the fields in `holder` show `answer`; one in which somebody is typing is left alone. */
export function showFields(holder, answer) {
  const given = Array.isArray(answer) ? answer : [];
  for (const input of holder.querySelectorAll("[name=chon]")) input.checked = given.includes(Number(input.value));
  for (const field of rowFields(holder)) {
    const value = String(given[rowOf(field)] ?? "");
    if (field.type === "radio") field.checked = field.value === value;
    else if (field !== document.activeElement || field instanceof HTMLSelectElement) field.value = value;
  }
}

/** Whether somebody has answered in `holder` since the page came. */
export function wasTouched(holder) {
  return [...holder.querySelectorAll("[name=chon]"), ...rowFields(holder)].some((field) => {
    if (field instanceof HTMLSelectElement) {
      const first = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
      return field.value !== first.value;
    }
    return field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  });
}

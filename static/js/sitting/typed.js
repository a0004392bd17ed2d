// Questions answered by typing: one field, or blanks within a text. What is in them is only ever read while somebody types:
// writing into a field would disturb the keyboard that puts Vietnamese letters together (Telex, VNI).

const made = (template) => document.getElementById(template).content.firstElementChild.cloneNode(true);

/** A number or a few words. `fields`: how answers are read and shown (controls.js). */
export function typed(item, answer, change, fields) {
  const element = made("typed-template");
  const input = element.querySelector("input");
  const unit = element.querySelector("[data-unit]");
  if (item.mode) input.inputMode = item.mode;
  unit.textContent = item.unit;
  unit.hidden = !item.unit;
  if (!item.unit) input.removeAttribute("aria-describedby");
  return listening(element, answer, change, fields);
}

/** A text with blanks. */
export function cloze(item, answer, change, fields) {
  const element = document.createElement("div");
  element.className = "cloze";
  for (const piece of item.pieces) element.append(typeof piece === "string" ? piece : blank(piece));
  return listening(element, answer, change, fields);
}

function blank({ blank: row, mode, options }) {
  const element = made(options.length ? "cloze-choice-template" : "cloze-words-template");
  const [label, field] = [element.querySelector("label"), element.querySelector("input, select")];
  field.name = `chu-${row}`;
  field.id = `t${row}`;
  label.htmlFor = field.id;
  label.querySelector("[data-number]").textContent = row + 1;
  if (mode) field.inputMode = mode;
  if (options.length) field.append(...options.map((option) => new Option(option, option)));
  return element;
}

/** Tells each key stroke as typing ("composing" while the keyboard puts a word together), and what stands when a field is left. */
function listening(element, answer, change, { readAnswer, showFields }) {
  const typing = (event) => { if (!(event.target instanceof HTMLSelectElement)) change(readAnswer(element), event.isComposing ? "composing" : "typing"); };
  element.addEventListener("input", typing);
  element.addEventListener("compositionend", () => change(readAnswer(element), "typing"));
  element.addEventListener("change", () => change(readAnswer(element)));
  const show = (value) => showFields(element, value);
  show(answer);
  return { element, show };
}

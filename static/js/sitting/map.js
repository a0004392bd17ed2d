// The map of all questions: answered, flagged, seen, where one is.

/** Fills `list` (a ul) with a button for each of `count` questions. */
export function showMap(holder, state, words, go, big = false) {
  const list = document.createElement("ul");
  list.className = big ? "map map-big" : "map";
  for (let item = 0; item < state.items.length; item += 1) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = String(item + 1);
    const answered = state.answers.has(item);
    const flagged = state.flags.has(item);
    button.classList.toggle("is-answered", answered);
    button.classList.toggle("is-flagged", flagged);
    if (item === state.current && !state.reviewing) button.setAttribute("aria-current", "true");
    button.setAttribute("aria-label", [
      fill(words.question, { number: item + 1 }),
      answered ? words.answered : state.seen.has(item) ? words.not_answered : words.unseen,
      flagged ? words.flagged : "",
    ].filter(Boolean).join(", "));
    button.addEventListener("click", () => go(item));
    const cell = document.createElement("li");
    cell.append(button);
    list.append(cell);
  }
  const note = document.createElement("p");
  note.className = "map-note";
  note.textContent = fill(words.map_note, {
    answered: state.answers.size,
    flagged: state.flags.size,
    open: state.items.length - state.answers.size,
  });
  holder.replaceChildren(list, note);
}

/** A short list of numbers that lead to their questions. */
export function showNumbers(list, items, words, go) {
  list.replaceChildren(...items.map((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = String(item + 1);
    button.setAttribute("aria-label", fill(words.question, { number: item + 1 }));
    button.addEventListener("click", () => go(item));
    const cell = document.createElement("li");
    cell.append(button);
    return cell;
  }));
}

/** `text` with its {names} filled in. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));
}

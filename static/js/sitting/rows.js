// Rows of a question out of the page's templates.

/** A row out of a template that was written for the row "ROW". */
export function rowFrom(template, row, text) {
  const made = document.getElementById(template).content.firstElementChild.cloneNode(true);
  for (const element of [made, ...made.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes("ROW")) element.setAttribute(name, value.replaceAll("ROW", row));
    }
  }
  made.querySelector(".words").textContent = text;
  return made;
}

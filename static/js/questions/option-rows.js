/* [data-option-rows]: letters follow the rows that are filled in, and a row is added without asking the server. */

function relabel(box) {
  const letters = "ABCDEFGHIJ";
  const rows = Array.from(box.querySelectorAll("[data-option-row]"));
  const filled = rows.map((row) => row.querySelector("textarea").value.trim() !== "");
  const last = filled.lastIndexOf(true);
  let at = 0;
  rows.forEach((row, index) => {
    // A blank row before a filled one is left out and has no letter; those after it show which letter comes next.
    const counts = filled[index] || index > last;
    row.querySelector("[data-option-letter]").textContent = counts ? letters[at] : "–";
    if (counts) { at += 1; }
  });
}

function addRow(box, button) {
  const rows = box.querySelectorAll("[data-option-row]");
  const last = rows[rows.length - 1];
  const number = Math.max(...Array.from(rows, (row) => Number(row.querySelector("[name=correct]").value))) + 1;
  const row = last.cloneNode(true);
  row.querySelectorAll(".field-error").forEach((error) => error.remove());
  const area = row.querySelector("textarea");
  area.value = "";
  area.textContent = "";
  area.id = area.name = `options-${number}`;
  area.removeAttribute("aria-invalid");
  const mark = row.querySelector("[name=correct]");
  mark.checked = false;
  mark.value = String(number);
  mark.id = `correct-${number}`;
  row.querySelector("[data-option-letter]").htmlFor = area.id;
  last.after(row);
  if (rows.length + 1 >= 10) { button.hidden = true; }
  relabel(box);
  area.focus();
}

for (const box of document.querySelectorAll("[data-option-rows]")) {
  box.addEventListener("input", () => relabel(box));
  const button = box.querySelector("[data-option-add]");
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    addRow(box, button);
  });
  relabel(box);
}

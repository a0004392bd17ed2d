// Steps to be put in order: by buttons, by the number of their place, or dragged by the handle. The order of the rows in the
// page is the answer once somebody has moved one or said that it is right as it stands; until then there is none.

import { rowFrom } from "./rows.js";

export function ordering(item, answer, change) {
  const element = document.getElementById("steps-template").content.firstElementChild.cloneNode(true);
  const list = element.querySelector("ul");
  const keep = element.querySelector("[data-keep]");
  const said = element.querySelector("[data-said]");
  element.querySelector("[data-without]").hidden = true;
  element.querySelector("[data-with]").hidden = false;
  const rows = item.rows.map((text, row) => rowFrom("step-template", row, text));
  const placeOf = (row) => [...list.children].indexOf(row);

  const report = () => {
    const places = rows.map(placeOf);
    show(places);
    change(places);
  };

  // Neighbours move, never the row itself: it keeps the focus and the finger that drags it.
  const moveTo = (row, place) => {
    while (placeOf(row) > place) row.after(row.previousElementSibling);
    while (placeOf(row) < place) row.before(row.nextElementSibling);
  };

  const moved = (row, place) => {
    moveTo(row, Math.max(0, Math.min(rows.length - 1, place)));
    said.textContent = said.dataset.text.replace("{place}", placeOf(row) + 1);
    report();
  };

  const show = (value) => {
    if (list.querySelector(".is-dragged")) return;
    const places = Array.isArray(value) && value.length === rows.length ? value : null;
    const before = (row) => places?.[row] ?? rows.length;
    const wanted = rows.map((_row, n) => n).sort((one, other) => before(one) - before(other) || one - other);
    wanted.forEach((row, place) => moveTo(rows[row], place));
    rows.forEach((row, n) => {
      row.querySelector("select").value = String(places?.[n] ?? "");
      row.querySelector("[data-up]").disabled = placeOf(row) === 0;
      row.querySelector("[data-down]").disabled = placeOf(row) === rows.length - 1;
    });
    keep.hidden = places !== null && places.every((place) => place !== null);
  };

  for (const row of rows) {
    const select = row.querySelector("select");
    while (select.options.length > rows.length + 1) select.options[rows.length + 1].remove();
    for (const part of row.querySelectorAll("[hidden]")) part.hidden = false;
    select.addEventListener("change", () => { if (select.value !== "") moved(row, Number(select.value)); else report(); });
    row.querySelector("[data-up]").addEventListener("click", () => moved(row, placeOf(row) - 1));
    row.querySelector("[data-down]").addEventListener("click", () => moved(row, placeOf(row) + 1));
    wireDragging(row, list, (place) => moveTo(row, place), () => report());
    list.append(row);
  }
  keep.addEventListener("click", report);
  show(answer);
  return { element, show };
}

function wireDragging(row, list, moveTo, done) {
  const grip = row.querySelector("[data-grip]");
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    row.classList.add("is-dragged");
    const before = [...list.children].indexOf(row);
    const follow = (move) => {
      const place = [...list.children].filter((other) => {
        const box = other.getBoundingClientRect();
        return other !== row && box.top + box.height / 2 < move.clientY;
      }).length;
      moveTo(place);
    };
    const end = () => {
      grip.removeEventListener("pointermove", follow);
      row.classList.remove("is-dragged");
      if ([...list.children].indexOf(row) !== before) done();
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("lostpointercapture", end, { once: true });
  });
}

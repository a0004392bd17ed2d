/* [data-own-place="url"]: asks whether somebody is signed in and ranked here; if so, shows the own place and marks the own
   row. Without an answer the page stays as it is: the link to one's own place is there anyway. */

const region = document.querySelector("[data-own-place]");

async function showOwnPlace() {
  const answer = await fetch(region.dataset.ownPlace, { credentials: "same-origin", cache: "no-store" });
  if (answer.status !== 200 || answer.redirected) { return; }
  region.innerHTML = await answer.text();
  const position = region.querySelector("[data-position]")?.dataset.position;
  const row = position && document.querySelector(`tr[data-position="${CSS.escape(position)}"]`);
  if (row) { row.classList.add("mine"); }
}

if (region) { showOwnPlace().catch(() => {}); }

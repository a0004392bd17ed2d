/* Decisions on the preview without a reload: the form is sent as it stands, and the preview that comes back takes the
   place of this one. Where the answer is another page (the worker has to do something first), one goes there. */
const region = () => document.getElementById("xem-truoc");

async function decide(form) {
  const here = region();
  here.setAttribute("aria-busy", "true");
  const row = form.closest("tr");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const path = new URL(answer.url).pathname;
    if (!answer.ok || path !== here.dataset.preview) {
      location.assign(answer.ok ? answer.url : here.dataset.preview);
      return;
    }
    show(await answer.text(), answer.url, row);
  } catch {
    here.removeAttribute("aria-busy");
    say(here.dataset.lost);
  }
}

function show(html, url, row) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("xem-truoc");
  if (!fresh) { location.assign(url); return; }
  const next = row?.nextElementSibling?.id;
  region().replaceWith(document.adoptNode(fresh));
  history.replaceState(null, "", url);
  for (const message of fresh.querySelectorAll("[data-messages] .alert")) { message.setAttribute("role", "status"); }
  const place = (row?.id && document.getElementById(row.id)) || (next && document.getElementById(next));
  const button = place?.querySelector("td[class^=cell-] button, a, button");
  if (button) { button.focus({ preventScroll: true }); }
}

function say(words) {
  const note = document.createElement("div");
  note.className = "alert alert-danger";
  note.setAttribute("role", "alert");
  note.textContent = words;
  region().querySelector("[data-messages]").replaceChildren(note);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-decision]");
  if (!form || event.defaultPrevented) { return; }
  event.preventDefault();
  decide(form);
});

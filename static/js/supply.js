/* form[data-supply="url"]: while rows of the blueprint are changed, asks what the bank has for them and shows it in
   [data-supply-region]. Nothing is saved. Without this script a button does the same. */

const WAIT_MS = 500;

for (const form of document.querySelectorAll("form[data-supply]")) {
  const region = form.querySelector("[data-supply-region]");
  let timer = 0;
  let asked = 0;

  async function ask() {
    const number = ++asked;
    try {
      const answer = await fetch(form.dataset.supply, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (answer.ok && !answer.redirected && number === asked) { region.innerHTML = await answer.text(); }
    } catch (failure) { /* the figures stay as they were; saving asks the server anyway */ }
  }

  form.addEventListener("input", (event) => {
    if (!event.target.closest(".blueprint-rows")) { return; }
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
}

/* form[data-unsaved]: the browser asks before leaving while something typed has not been sent. The words are the browser's. */

export function startUnsaved(root = document) {
  for (const form of root.querySelectorAll("form[data-unsaved]")) {
    // A form sent back with errors holds words that are nowhere else.
    let dirty = form.querySelector("[aria-invalid=true]") !== null;
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", () => { dirty = false; });
    window.addEventListener("beforeunload", (event) => {
      if (!dirty) { return; }
      event.preventDefault();
      event.returnValue = "";
    });
  }
}

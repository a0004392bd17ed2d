/* button[data-copy="text"]: copies it and says so in the words of data-copied-label. */

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (refused) {
      // An in-app browser may refuse: the old way below.
    }
  }
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "only-read";
  box.setAttribute("readonly", "");
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

export function startCopy(root = document) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    const label = button.querySelector("[data-copy-label]") || button;
    const words = label.textContent;
    button.addEventListener("click", async () => {
      if (!(await copy(button.dataset.copy))) { return; }
      label.textContent = button.dataset.copiedLabel;
      setTimeout(() => { label.textContent = words; }, 4000);
    });
  }
}

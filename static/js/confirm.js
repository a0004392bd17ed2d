/* details[data-confirm] (templates/macros/dialog.html): its body is shown as a dialog. Without this script the same
   question unfolds in the page. */

function openDialog(details, summary) {
  const body = details.querySelector("[data-confirm-body]");
  const dialog = document.createElement("dialog");
  const heading = body.querySelector("h2");
  if (heading) {
    heading.id = heading.id || `hoi-${Math.random().toString(36).slice(2)}`;
    dialog.setAttribute("aria-labelledby", heading.id);
  }
  const home = document.createComment("");
  body.replaceWith(home);
  dialog.append(...body.childNodes);
  const close = dialog.querySelector("[data-dialog-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => dialog.close());
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) { dialog.close(); }
  });
  dialog.addEventListener("close", () => {
    body.append(...dialog.childNodes);
    home.replaceWith(body);
    dialog.remove();
    summary.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  // The safe answer has the focus: Enter pressed by habit changes nothing.
  (dialog.querySelector("input:not([type=hidden]), textarea") || close || dialog).focus();
}

export function startConfirm(root = document) {
  if (typeof HTMLDialogElement !== "function") { return; }
  root.addEventListener("click", (event) => {
    const summary = event.target.closest("details[data-confirm] > summary");
    if (!summary) { return; }
    event.preventDefault();
    openDialog(summary.parentElement, summary);
  });
}

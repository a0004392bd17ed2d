/* [data-file-drop] around a file field: drag a file in, see its name and size, be told at once when it is too big or of the
   wrong kind. The server checks again. Words come from the page. */

const UNITS = ["B", "KB", "MB", "GB"];

function readable(bytes) {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 }).format(value)} ${UNITS[unit]}`;
}

function accepted(file, accept) {
  const kinds = (accept || "").split(",").map((kind) => kind.trim().toLowerCase()).filter((kind) => kind.startsWith("."));
  return kinds.length === 0 || kinds.some((kind) => file.name.toLowerCase().endsWith(kind));
}

function enhance(zone) {
  const input = zone.querySelector("input[type=file]");
  const words = zone.querySelector("[data-drop-words]");
  const chosen = zone.querySelector("[data-drop-chosen]");
  if (!input) { return; }
  zone.classList.add("is-live");
  if (words) { words.hidden = false; }

  function show() {
    const files = Array.from(input.files);
    const limit = Number(zone.dataset.maxBytes) || Infinity;
    let problem = "";
    if (files.some((file) => !accepted(file, input.accept))) { problem = zone.dataset.wrongKind; }
    else if (files.some((file) => file.size > limit)) { problem = zone.dataset.tooBig; }
    input.setCustomValidity(problem);
    zone.classList.toggle("is-wrong", problem !== "");
    chosen.hidden = files.length === 0;
    chosen.textContent = files.map((file) => `${file.name} (${readable(file.size)})`).join(", ") + (problem ? `. ${problem}` : "");
  }

  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("is-over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer || event.dataTransfer.files.length === 0) { return; }
    const files = new DataTransfer();
    const wanted = input.multiple ? Array.from(event.dataTransfer.files) : [event.dataTransfer.files[0]];
    wanted.forEach((file) => files.items.add(file));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

export function startFileDrop(root = document) {
  root.querySelectorAll("[data-file-drop]").forEach(enhance);
}

/* What every page but the sitting's loads. Each module looks for its own marks in the page and leaves the rest alone. */
import { startConfirm } from "./confirm.js";
import { startCopy } from "./copy.js";
import { startFileDrop } from "./file-drop.js";
import { startPolling } from "./poll.js";
import { startAutosubmit } from "./autosubmit.js";
import { startUnsaved } from "./unsaved.js";

startConfirm();
startCopy();
startFileDrop();
startPolling();
startAutosubmit();
startUnsaved();

document.querySelector("[data-focus-first]")?.focus();
const here = document.querySelector(".nav-line [aria-current]");
const line = here?.closest(".nav-line");
if (line) { line.scrollLeft = here.offsetLeft - line.clientWidth / 2 + here.clientWidth / 2; }

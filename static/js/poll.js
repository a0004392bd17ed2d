/* [data-poll="url"]: asks every data-poll-seconds for a fragment of HTML, with the ETag of the last one, and puts it in.
   The fragment ends the asking by holding an element with data-poll-done; if that has a value, the page
   goes there and leaves no trace in the history: a way back to it would only lead forward again.
   While nothing answers, the words of data-poll-lost are shown and the pauses grow. A hidden page does not ask. */

const LONGEST_MS = 30000;

function poll(region) {
  const every = (Number(region.dataset.pollSeconds) || 2) * 1000;
  let etag = "";
  let pause = every;
  let lost = null;

  function sayLost(isLost) {
    if (isLost && !lost) {
      lost = document.createElement("p");
      lost.className = "note";
      lost.textContent = region.dataset.pollLost || "";
      region.after(lost);
    } else if (!isLost && lost) {
      lost.remove();
      lost = null;
    }
  }

  function finished() {
    const done = region.querySelector("[data-poll-done]");
    if (!done) { return false; }
    const next = done.dataset.pollDone;
    if (next && new URL(next, location.href).origin === location.origin) { location.replace(next); }
    return true;
  }

  async function ask() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", ask, { once: true });
      return;
    }
    try {
      const answer = await fetch(region.dataset.poll, {
        headers: { "X-Requested-With": "fetch", ...(etag ? { "If-None-Match": etag } : {}) },
        cache: "no-store",
        credentials: "same-origin",
      });
      if (answer.status === 200 && !answer.redirected) {
        etag = answer.headers.get("ETag") || "";
        region.innerHTML = await answer.text();
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      pause = every;
      sayLost(false);
    } catch (failure) {
      pause = Math.min(pause * 2, LONGEST_MS);
      sayLost(true);
    }
    if (!finished()) { setTimeout(ask, pause); }
  }

  if (!finished()) { setTimeout(ask, every); }
}

export function startPolling(root = document) {
  root.querySelectorAll("[data-poll]").forEach(poll);
}

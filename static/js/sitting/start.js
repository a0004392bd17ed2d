// Start: asked for again and again until the server answers, so that nobody at the bell sees an error or presses in vain.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 8000;

/** Have `form` start the sitting by script; what says so stands in its [data-start-says]. */
export function startByScript(form, words) {
  const button = form.querySelector("[type=submit]");
  const line = form.querySelector("[data-start-says]");
  let going = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (going) return;
    going = true;
    button.setAttribute("aria-busy", "true");
    line.textContent = words.entering;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const outcome = await ask(form);
      if (outcome.url) {
        location.assign(outcome.url);
        return;
      }
      if (outcome.refused) {
        form.submit(); // the page that answers says why
        return;
      }
      line.textContent = words.entering_again;
      const wait = Math.max(pause, outcome.after) * (0.5 + Math.random());
      await new Promise((resolve) => { setTimeout(resolve, wait); });
    }
  });
}

/** Where to go, or that the server says no, or that it must be asked again (not before `after` milliseconds). */
async function ask(form) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), 15000);
  try {
    const response = await fetch(form.action, {
      method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)), signal: ending.signal,
    });
    if (response.status >= 500 || response.status === 429) {
      return { after: Number(response.headers.get("Retry-After") ?? 0) * 1000 };
    }
    const { url } = await response.json();
    return url ? { url } : { refused: true };
  } catch (problem) {
    return problem instanceof SyntaxError ? { refused: true } : { after: 0 };
  } finally {
    clearTimeout(timer);
  }
}

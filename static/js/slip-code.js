/* form[data-slip-code]: sixteen digits in four boxes that pass the cursor on. Without this script one field does the same.
   The code of a QR arrives in the address's fragment, which no server sees: it is filled in, and the person presses. */

const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];

function digitsOf(text) {
  return text.normalize("NFKC").replace(/\D/g, "");
}

function isSound(code) {
  let interim = 0;
  for (const digit of code) { interim = Number(DAMM[interim][Number(digit)]); }
  return code.length === 16 && interim === 0;
}

function start(form) {
  const one = form.querySelector("[data-code-one] input");
  const many = form.querySelector("[data-code-many]");
  const groups = Array.from(form.querySelectorAll("[data-code-group]"));
  const error = form.querySelector("[data-code-error]");
  const message = form.querySelector("[data-code-message]");
  const note = form.querySelector("[data-code-note]");
  const submit = form.querySelector("[type=submit]");

  const code = () => groups.map((group) => group.value).join("");

  function complain(text) {
    message.textContent = text;
    error.hidden = !text;
    for (const group of groups) {
      if (text) { group.setAttribute("aria-invalid", "true"); } else { group.removeAttribute("aria-invalid"); }
    }
  }

  function spread(text, from = 0) {
    const rest = digitsOf(text).slice(0, 4 * (groups.length - from));
    for (let n = from; n < groups.length && (n - from) * 4 < rest.length; n += 1) {
      groups[n].value = rest.slice((n - from) * 4, (n - from + 1) * 4);
    }
    const next = groups[Math.min(groups.length - 1, from + Math.floor(rest.length / 4))];
    next.focus();
    next.setSelectionRange(next.value.length, next.value.length);
  }

  function judge() {
    one.value = code();
    if (code().length === 16) {
      complain(isSound(code()) ? "" : form.dataset.wrong);
      return isSound(code());
    }
    return false;
  }

  groups.forEach((group, n) => {
    group.addEventListener("input", () => {
      const digits = digitsOf(group.value);
      const strange = digits !== group.value.normalize("NFKC").replace(/[\s.\-–]/g, "");
      note.hidden = true;
      if (digits.length > 4) { spread(digits, n); } else { group.value = digits; }
      complain(strange ? form.dataset.digitsOnly : "");
      const sound = judge();
      if (sound) { submit.focus(); } else if (group.value.length === 4 && document.activeElement === group && n < 3) { groups[n + 1].focus(); }
    });
    group.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (!digitsOf(text)) { return; }
      event.preventDefault();
      spread(text, digitsOf(text).length === 16 ? 0 : n);
      complain("");
      if (judge()) { submit.focus(); }
    });
    group.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && group.value === "" && n > 0) {
        event.preventDefault();
        groups[n - 1].value = groups[n - 1].value.slice(0, -1);
        groups[n - 1].focus();
        judge();
      }
    });
    group.addEventListener("focus", () => group.select());
  });

  form.addEventListener("submit", (event) => {
    one.value = code();
    if (code().length !== 16) {
      event.preventDefault();
      complain(form.dataset.short);
      groups.find((group) => group.value.length < 4)?.focus();
    } else if (!isSound(code())) {
      event.preventDefault();
      complain(form.dataset.wrong);
      groups[0].focus();
    }
  });

  function readFragment() {
    const scanned = digitsOf(decodeURIComponent(location.hash.slice(1)));
    if (scanned.length !== 16) { return; }
    history.replaceState(null, "", location.pathname + location.search);
    groups.forEach((group, n) => { group.value = scanned.slice(4 * n, 4 * n + 4); });
    if (judge()) {
      note.textContent = form.dataset.fromQr;
      note.hidden = false;
      submit.focus();
    }
  }

  const typed = digitsOf(one.value);
  one.closest("[data-code-one]").hidden = true;
  one.type = "hidden";
  many.hidden = false;
  groups.forEach((group, n) => { group.value = typed.slice(4 * n, 4 * n + 4); });
  if (!error.hidden) { groups.forEach((group) => group.setAttribute("aria-invalid", "true")); }
  readFragment();
  window.addEventListener("hashchange", readFragment);
  if (document.activeElement === document.body) { groups.find((group) => group.value.length < 4)?.focus(); }
}

document.querySelectorAll("form[data-slip-code]").forEach(start);

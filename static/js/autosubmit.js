/* form[data-autosubmit]: a filter chosen is a filter applied. Text waits for Enter or the button. */

export function startAutosubmit(root = document) {
  for (const form of root.querySelectorAll("form[data-autosubmit]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) { form.requestSubmit?.(); }
    });
    form.addEventListener("submit", () => {
      // Empty fields make long addresses; leave them out.
      const empty = Array.from(form.elements).filter((field) => field.name && field.value === "" && !field.disabled);
      empty.forEach((field) => { field.disabled = true; });
      setTimeout(() => empty.forEach((field) => { field.disabled = false; }), 0);
    });
  }
}

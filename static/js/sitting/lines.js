// What the page says beside the question: the calm line under the head, the organiser's messages, the pause. Screen readers
// hear it through one region that stands in the page from the beginning.

const find = (name) => document.querySelector(`[data-${name}]`);

/** The line under the head; without title and text it goes away. */
export function notice(title, text, tone = "", link = "", label = "") {
  const line = find("notice");
  line.hidden = !title && !text;
  line.className = `sit-notice ${tone}`;
  find("notice-title").textContent = title;
  find("notice-text").textContent = text;
  const anchor = find("notice-link");
  anchor.hidden = !link;
  anchor.textContent = label;
  if (link) anchor.href = link;
}

/** Have `text` read out. */
export function speak(text) {
  find("spoken").textContent = text;
}

/** A message that stays until it is read; `read` is called when it is put away. */
export function message(title, text, read = () => {}) {
  const card = document.getElementById("message-template").content.firstElementChild.cloneNode(true);
  card.querySelector("[data-message-title]").textContent = title;
  card.querySelector("[data-message-text]").textContent = text;
  card.querySelector("button").addEventListener("click", () => {
    card.remove();
    find("messages").hidden = !find("messages").childElementCount;
    read();
  });
  find("messages").prepend(card);
  find("messages").hidden = false;
  speak(`${title} ${text}`);
}

/** The organiser's messages: {number, kind, title, text}, shown until they are read; `read(number)`: all up to it have been. */
export class Messages {
  constructor(titles, read) {
    this.titles = titles;
    this.read = read;
    this.unread = new Set();
    this.newest = 0;
  }

  show(notices) {
    for (const { number, kind, title, text } of notices) {
      if (number <= this.newest) continue;
      this.newest = number;
      if (!title && !text) continue; // the page shows by itself what has changed
      this.unread.add(number);
      message(title || this.titles[kind] || this.titles.message, text, () => this.putAway(number));
    }
    this.tell();
  }

  putAway(number) {
    this.unread.delete(number);
    this.tell();
  }

  tell() {
    this.read(this.unread.size ? Math.min(...this.unread) - 1 : this.newest);
  }
}

// What is being typed. It is kept in this browser at every key stroke, over what was kept of it before, and becomes an answer
// (a row of the journal, sent to the server) after a rest, when the field is left, and before anything else is sent: so no
// half word becomes an answer while somebody types, and nothing is lost where the page dies.

import { drafted } from "./steps.js";

// Milliseconds of rest after which what was typed becomes an answer; while the keyboard still puts a word together, longer.
const REST = 1500;
const REST_IN_A_WORD = 6000;

export class Drafts {
  /** `commit(item, answer)` makes an answer of it. */
  constructor(keeper, commit) {
    this.keeper = keeper;
    this.commit = commit;
    this.open = null;
    this.timer = null;
  }

  /** Somebody types: `answer` is what stands there now; `composing`: in the middle of a word. */
  type(item, answer, composing) {
    if (this.open && this.open.item !== item) this.settle();
    this.open = { item, answer };
    this.keeper.change(drafted(item, answer));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), composing ? REST_IN_A_WORD : REST);
  }

  /** What was typed becomes an answer now. */
  settle() {
    clearTimeout(this.timer);
    const { open } = this;
    this.open = null;
    if (open) this.commit(open.item, open.answer);
  }

  /** Another answer has come in the place of what was typed. */
  drop() {
    clearTimeout(this.timer);
    this.open = null;
  }

  /** `answers` with what is being typed. */
  over(answers) {
    if (!this.open) return;
    if (this.open.answer === null) answers.delete(this.open.item);
    else answers.set(this.open.item, this.open.answer);
  }

  /** What a page that died had kept counts, unless the question was answered elsewhere since. */
  recover() {
    const { drafts = {}, epoch, answers } = this.keeper.record;
    for (const [item, draft] of Object.entries(drafts)) {
      if (draft.epoch === epoch || !(item in answers)) this.commit(Number(item), draft.p);
    }
  }
}

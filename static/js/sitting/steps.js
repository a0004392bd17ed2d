// What may happen to the copy of a sitting that this browser keeps, as pure functions: (record, rows) => { record, rows }.
//
// The record: epoch and the last number taken in it; `tokens`, by epoch, for rows that wait under older ones; `acked`, the
// highest number of the epoch that the server has; `drafts`, by item, of what is being typed; what the server has of answers, flags and questions seen; deadline, and
// how far its clock is ahead of the device's (`offset`, milliseconds). A row: {sitting, epoch, n, k, i, v, p, t}, not yet
// with the server.

/** The record of a sitting of which nothing is known. */
export function blank(sitting) {
  return {
    sitting, epoch: 0, last: 0, acked: 0, tokens: {}, answers: {}, flags: [], seen: [], deadline: 0, offset: null, read: 0, drafts: {},
  };
}

export const keyOf = (row) => `${row.epoch}:${row.n}`;

/** What a person sees: what the server has, and over it what it does not have yet. */
export function shown(record, rows) {
  const view = {
    answers: new Map(Object.entries(record.answers).map(([item, answer]) => [Number(item), answer])),
    flags: new Set(record.flags),
    seen: new Set(record.seen),
  };
  for (const row of rows) apply(view, row);
  return view;
}

function apply(view, row) {
  if (row.i === undefined) return;
  view.seen.add(row.i);
  if (row.k === "answer") {
    if (row.p === null) view.answers.delete(row.i);
    else view.answers.set(row.i, row.p);
  } else if (row.k === "flag") {
    if (row.p) view.flags.add(row.i);
    else view.flags.delete(row.i);
  }
}

/** `row` takes the next number and waits to be sent. */
export const taken = (row) => (record, rows) => {
  const n = record.last + 1;
  return {
    record: { ...record, last: n, drafts: row.k === "answer" ? withoutDraft(record, row.i) : record.drafts ?? {} },
    rows: [...rows, { ...row, sitting: record.sitting, epoch: record.epoch, n }],
  };
};

/** Somebody is typing an answer: it is kept over what was kept of it before. It is gone when an answer is taken. */
export const drafted = (item, answer) => (record, rows) => ({
  record: { ...record, drafts: { ...record.drafts, [item]: { p: answer, epoch: record.epoch } } }, rows,
});

/** What was typed is no news. */
export const undrafted = (item) => (record, rows) => ({ record: { ...record, drafts: withoutDraft(record, item) }, rows });

function withoutDraft({ drafts = {} }, item) {
  return Object.fromEntries(Object.entries(drafts).filter(([other]) => Number(other) !== item));
}

/** The server has `sent`. */
export const acknowledged = (sent) => (record, rows) => {
  const keys = new Set(sent.map(keyOf));
  const known = rows.filter((row) => keys.has(keyOf(row)) && row.epoch === record.epoch);
  const view = shown(record, known);
  return {
    record: {
      ...record,
      acked: known.reduce((highest, row) => Math.max(highest, row.n), record.acked),
      answers: Object.fromEntries(view.answers),
      flags: [...view.flags],
      seen: [...view.seen],
    },
    rows: rows.filter((row) => !keys.has(keyOf(row))),
  };
};

/** `sent` need not wait any longer, though they do not count: the server keeps them apart, or will never take them. */
export const dropped = (sent) => (record, rows) => {
  const keys = new Set(sent.map(keyOf));
  return { record, rows: rows.filter((row) => !keys.has(keyOf(row))) };
};

/**
 * Somebody else has used the numbers `conflicts`; the others of `sent` were taken. Those in conflict go again, and with them
 * everything that waits behind, under new numbers (from `next`) in the same order. What a later row that was taken has
 * replaced is dropped: under a new number it would count as the newer one.
 */
export const collided = (sent, conflicts, next) => (record, rows) => {
  const keys = new Set(sent.map(keyOf));
  const refused = (row) => keys.has(keyOf(row)) && conflicts.includes(row.n);
  const took = rows.filter((row) => keys.has(keyOf(row)) && !conflicts.includes(row.n));
  const replaced = (row) => refused(row) && took.some((later) => later.n > row.n && later.k === row.k && later.i === row.i);
  const after = acknowledged([...took, ...rows.filter(replaced)])(record, rows);
  const { epoch } = sent[0];
  const newest = epoch === record.epoch;
  const start = Math.max(next - 1, newest ? after.record.last : Math.max(0, ...after.rows.filter((r) => r.epoch === epoch).map((r) => r.n)));
  return renumbered(after.record, after.rows, epoch, epoch, start);
};

/** The epoch `epoch` begins, with `token`; its first free number is `next`. `moved`: what waits under the old one goes along. */
export const begun = (epoch, token, next, moved = false) => (record, rows) => {
  const begins = { ...record, epoch, last: next - 1, acked: 0, tokens: { ...record.tokens, [epoch]: token } };
  return moved ? renumbered(begins, rows, record.epoch, epoch, next - 1) : { record: begins, rows };
};

/** What waits under `epoch`, whose token is worth nothing any more, goes under the present one, where no answer is known. */
export const adopted = (epoch) => (record, rows) => renumbered(
  record, rows.filter((row) => row.epoch !== epoch || !(row.i in record.answers)), epoch, record.epoch, record.last,
);

/** The rows of epoch `from` under numbers after `start` of epoch `to`, in their order. */
function renumbered(record, rows, from, to, start) {
  let last = start;
  const again = rows.map((row) => (row.epoch === from ? { ...row, epoch: to, n: (last += 1) } : row));
  again.sort((one, other) => one.epoch - other.epoch || one.n - other.n);
  return { record: to === record.epoch ? { ...record, last: Math.max(last, record.last) } : record, rows: again };
}

/**
 * The server has told what it has (the body of the paper's answer). Where it was written before something that has been
 * acknowledged since, in this tab or another, only its numbers count.
 */
export const told = (body, offset) => (record, rows) => {
  const same = body.epoch === record.epoch;
  const fresh = !same || body.next > record.acked;
  return {
    record: {
      ...record,
      ...(fresh ? { answers: body.answers, flags: body.flags, seen: body.seen } : {}),
      ...(same ? { last: Math.max(record.last, body.next - 1), acked: Math.max(record.acked, body.next - 1) } : {}),
      deadline: body.deadline,
      offset,
    },
    rows,
  };
};

/** Some fields of the record are set anew. */
export const noted = (fields) => (record, rows) => ({ record: { ...record, ...fields }, rows });

// A seat's own part after an operation of its own, as the room will have it: what somebody has
// typed stays on their screen while it is on the way. An operation applied twice changes nothing.

export function apply(own, one) {
  const a = one.args;
  const next = Object.assign({}, own);
  if (one.op === "answer") {
    const empty = a.value === "" || a.value === null || (Array.isArray(a.value) && !a.value.length);
    next.answers = within(own.answers, a.place, a.voice, empty ? undefined : a.value);
  } else if (one.op === "note") {
    next.notes = put(own.notes, own.seat + "." + one.id, { ask: a.ask, text: a.text, voice: a.voice });
  } else if (one.op === "withdraw") {
    next.notes = put(own.notes, a.note, undefined);
  } else if (one.op === "mark") {
    next.marks = within(own.marks, a.note, a.voice, a.mark === null ? undefined : a.mark);
  } else if (one.op === "agency") {
    next.agency = a.agency;
  }
  return next;
}

function within(all, key, voice, value) {
  return put(all, key, put(all[key] || {}, voice, value));
}

function put(all, key, value) {
  const next = Object.assign({}, all);
  if (value === undefined) delete next[key];
  else next[key] = value;
  return next;
}

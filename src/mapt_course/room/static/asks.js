// What a stage asks of the people at one device, by kind. Each is {node, update, enable, flush}:
// ``update`` after a change in the room, ``flush`` before the page goes away.
//
// ``c``: {talk, day, voice, may(ask)}; ``may`` says whether answers can still be changed.
import { button, fill, grow, h, id, many, say } from "./dom.js";
import { notesOf, places, results, texts } from "./draw.js";
import { keep, PAUSE } from "./saved.js";
import { read, shared } from "./text.js";

const A_LIST = 6; // questions that are asked at once; more come one after another

/** An ask with its title and its kind's fields. */
export function present(ask, c) {
  const kind = ask.kind === "choice" && ask.rows && ask.rows.length > A_LIST ? walk : KINDS[ask.kind];
  const made = kind(ask, c);
  made.ask = ask;
  const title = id();
  made.node = h("section", { class: "ask", "aria-labelledby": title },
    h("h2", { id: title }, ask.text), ask.note && h("p", { class: "quiet" }, ask.note), made.node);
  return made;
}

function mine(c, place) {
  return (c.talk.own.answers[place] || {})[c.voice];
}

function answer(c, status, place, value) {
  return keep(c.talk, status, c.talk.do("answer", { place, value, voice: c.voice }));
}

function statusLine() {
  return h("p", { class: "status", role: "status" });
}

// ---- one of several

function radios(ask, c, place, status) {
  const name = id();
  const inputs = ask.options.map((one) =>
    h("input", { type: "radio", name, value: one.id, onchange: () => answer(c, status, place.id, one.id).then(update) }));
  const node = h("fieldset", { class: place.row ? "rowed" : "" }, h("legend", { class: place.row ? "" : "mapt-unseen" }, place.label),
    ask.options.map((one, n) => h("label", { class: "option" }, inputs[n], h("span", null, one.text))));
  function update() {
    inputs.forEach((each) => (each.checked = each.value === mine(c, place.id)));
  }
  update();
  return { node, update, enable: (can) => (node.disabled = !can), flush() {} };
}

function choice(ask, c) {
  const status = statusLine();
  return all(places(ask).map((place) => radios(ask, c, place, status)), status);
}

function all(parts, ...more) {
  return together(parts, h("div", null, parts.map((each) => each.node), more));
}

function together(parts, node) {
  return {
    node,
    update: () => parts.forEach((each) => each.update()),
    enable: (can) => parts.forEach((each) => each.enable(can)),
    flush: () => parts.forEach((each) => each.flush()),
  };
}

/** Many questions with one scale: one after another, then a list to change any of them. */
function walk(ask, c) {
  const rows = places(ask);
  const open = () => rows.findIndex((each) => mine(c, each.id) === undefined);
  const status = statusLine();
  const count = h("p", { class: "quiet" });
  const meter = h("progress", { max: rows.length, "aria-hidden": "true" });
  const body = h("div", null);
  const node = h("div", null, count, meter, body, status);
  let now = open();
  let can = true;
  let drawn = "";

  function choose(option) {
    answer(c, status, rows[now].id, option);
    const next = rows.findIndex((each, n) => n > now && mine(c, each.id) === undefined);
    go(next < 0 ? open() : next);
  }

  function go(to) {
    now = to;
    update();
    const head = body.querySelector("h3");
    if (head) head.focus();
  }

  function update() {
    const done = rows.filter((each) => mine(c, each.id) !== undefined).length;
    say(count, done + " of " + rows.length + " answered");
    meter.value = done;
    const key = [now, can, c.voice, rows.map((each) => mine(c, each.id) || "")].join();
    if (key === drawn) return;
    drawn = key;
    if (now < 0) list();
    else one();
  }

  function one() {
    const given = mine(c, rows[now].id);
    fill(body, h("h3", { tabindex: -1 }, rows[now].label),
      h("div", { class: "choices" }, ask.options.map((each) =>
        button(each.text, () => choose(each.id), { "aria-pressed": String(given === each.id), disabled: !can }))),
      h("div", { class: "buttons" },
        now > 0 && button("Back", () => go(now - 1), { class: "plain" }),
        button(now + 1 < rows.length ? "Leave open, go on" : "To the list", () => go(now + 1 < rows.length ? now + 1 : -1), { class: "plain" })));
  }

  function list() {
    const text = (each) => (ask.options.find((option) => option.id === mine(c, each.id)) || { text: "not answered" }).text;
    fill(body, h("h3", { tabindex: -1 }, can && open() < 0 ? "All answered. Press one to change it." : "Your answers"),
      h("ol", { class: "answers" }, rows.map((each, n) =>
        h("li", null, button("", () => go(n), { disabled: !can, class: "plain", "aria-label": each.label + ": " + text(each) })))));
    body.querySelectorAll("li button").forEach((each, n) =>
      fill(each, h("span", null, rows[n].label), h("b", null, text(rows[n]))));
  }

  update();
  return {
    node,
    update,
    enable(may) {
      can = may;
      update();
    },
    flush() {},
  };
}

// ---- some of several

function pick(ask, c) {
  const status = statusLine();
  const count = h("p", { class: "quiet" });
  const inputs = ask.options.map((one) => h("input", { type: "checkbox", value: one.id, onchange: changed }));
  const node = h("fieldset", null, h("legend", { class: "mapt-unseen" }, ask.text), count,
    ask.options.map((one, n) => h("label", { class: "option" }, inputs[n], h("span", null, one.text))), status);
  function changed() {
    const chosen = inputs.filter((each) => each.checked).map((each) => each.value);
    if (chosen.length > ask.most) {
      update();
      say(status, "You can choose " + ask.most + ". Take one away first.");
    } else answer(c, status, ask.id, chosen).then(update);
  }
  function update() {
    const chosen = mine(c, ask.id) || [];
    inputs.forEach((each) => (each.checked = chosen.indexOf(each.value) >= 0));
    say(count, chosen.length + " of " + ask.most + " chosen");
  }
  update();
  return { node, update, enable: (can) => (node.disabled = !can), flush() {} };
}

// ---- texts of one's own

function lines(ask, c) {
  const who = h("p", { class: "quiet" }, ask.partner ? "Your partner sees this, and nobody else." : "Only you see this.");
  const made = all(places(ask).map((place) => line(ask, c, place)));
  made.node.insertBefore(who, made.node.firstChild);
  return made;
}

function line(ask, c, place) {
  const name = id();
  const status = statusLine();
  const given = { id: name, oninput: typed, onblur: left };
  const field = ask.date ? h("input", Object.assign({ type: "date" }, given))
    : h("textarea", Object.assign({ rows: 2, maxlength: ask.longest }, given));
  const voice = c.voice;
  let sent = "";
  let timer = 0;
  function typed() {
    clearTimeout(timer);
    say(status, "");
    grow(field);
    timer = setTimeout(save, PAUSE);
  }
  function left() {
    save();
    update();
  }
  function save() {
    clearTimeout(timer);
    if (field.value === sent) return;
    const before = sent, now = (sent = field.value);
    keep(c.talk, status, c.talk.do("answer", { place: place.id, value: now, voice })).then((why) => {
      if (why && sent === now) sent = before; // what was typed stays, and the next save tries again
    });
  }
  function update() {
    const now = (c.talk.own.answers[place.id] || {})[voice] || "";
    if (field.value === sent && document.activeElement !== field) field.value = sent = now;
    grow(field);
  }
  update();
  return {
    node: h("div", { class: "field" },
      h("label", { for: name, class: place.label === ask.text ? "mapt-unseen" : "" }, place.label), field, status),
    update,
    enable: (can) => (field.disabled = !can),
    flush: save,
  };
}

// ---- notes

function notes(ask, c) {
  const name = id();
  const status = statusLine();
  const draft = "mapt-draft-" + ask.id + "-" + c.voice;
  const field = h("textarea", { id: name, rows: 2, maxlength: ask.longest, oninput: typed });
  const count = h("p", { class: "quiet" });
  const add = button("Add this note", put);
  const form = h("div", { class: "field" }, h("label", { for: name }, ask.most > 1 ? "Your next note" : "Your note"), field,
    h("p", { class: "quiet" }, ask.open ? "All see it at once, without a name." : "All see it when the facilitator shows the notes, without a name."), add);
  const list = h("ul", { class: "mine" });
  const heard = h("div", { "aria-live": "polite" });
  let can = true;
  let drawn = "";
  field.value = kept(draft);

  function typed() {
    kept(draft, field.value);
    grow(field);
  }

  function put() {
    const text = field.value;
    if (!text.trim()) {
      say(status, "Write something first.");
      field.focus();
      return;
    }
    field.value = "";
    grow(field);
    keep(c.talk, status, c.talk.do("note", { ask: ask.id, text, voice: c.voice })).then((why) => {
      if (!why) return kept(draft, field.value);
      field.value = field.value ? text + "\n" + field.value : text;
      kept(draft, field.value);
    });
    (form.hidden ? status : field).focus();
  }

  function update() {
    const own = c.talk.own.notes;
    const ids = Object.keys(own).filter((each) => own[each].ask === ask.id && own[each].voice === c.voice);
    say(count, ids.length + " of " + ask.most + " written" + (ids.length >= ask.most && can ? ". Take one back to write another." : ""));
    form.hidden = ids.length >= ask.most && !field.value;
    add.disabled = field.disabled = !can;
    const others = ask.open && !ask.sorts ? notesOf(ask, c.talk.parts).filter(([each]) => ids.indexOf(each) < 0) : [];
    const now = JSON.stringify([ids, can, others]);
    if (now === drawn) return;
    drawn = now;
    fill(list, ids.map((each) => h("li", null, h("p", { class: "written" }, own[each].text),
      can && button("Take back", () => keep(c.talk, status, c.talk.do("withdraw", { note: each })),
        { class: "plain", "aria-label": "Take back: " + own[each].text }))));
    fill(heard, others.length > 0 && h("h3", null, "Others wrote"),
      others.length > 0 && h("ul", { class: "cards" }, others.map(([, note]) => h("li", null, note.text))));
  }
  update();
  return {
    node: h("div", null, count, list, form, status, heard),
    update,
    enable(may) {
      can = may;
      update();
    },
    flush() {},
  };
}

/** What is typed and not sent yet, over a reload; "" takes it away. */
function kept(key, text) {
  try {
    if (text === undefined) return localStorage.getItem(key) || "";
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch (_) {
    // a browser that keeps nothing
  }
  return "";
}

const MARKS = [["inside", "Inside"], ["not-relevant", "Not relevant"], ["not-important", "Not important"]];

/** The others' statements, each to be left inside or moved outward. */
export function sorting(ask, c) {
  const status = statusLine();
  const count = h("p", { class: "quiet" });
  const list = h("ul", { class: "sorting" });
  const rows = {};
  let can = true;

  function row(name, note) {
    const text = h("p", { class: "written" });
    const buttons = MARKS.map(([mark, word]) => button(word, () => {
      const now = (c.talk.own.marks[name] || {})[c.voice];
      keep(c.talk, status, c.talk.do("mark", { note: name, mark: now === mark ? null : mark, voice: c.voice }));
    }));
    const node = h("li", null, text, h("div", { class: "three", role: "group", "aria-label": note.text }, buttons));
    return { node, text, buttons };
  }

  function update() {
    const own = c.talk.own;
    const found = notesOf(ask, c.talk.parts).filter(([name]) => !own.notes[name] || own.notes[name].voice !== c.voice);
    const here = found.map(([name]) => name);
    for (const name of Object.keys(rows)) {
      if (here.indexOf(name) < 0) {
        list.removeChild(rows[name].node);
        delete rows[name];
      }
    }
    let marked = 0;
    for (const [name, note] of found) {
      if (!rows[name]) list.append((rows[name] = row(name, note)).node);
      say(rows[name].text, note.text);
      const mark = (own.marks[name] || {})[c.voice];
      marked += mark ? 1 : 0;
      rows[name].buttons.forEach((each, n) => {
        each.setAttribute("aria-pressed", String(mark === MARKS[n][0]));
        each.disabled = !can;
      });
    }
    say(count, found.length ? marked + " of " + many(found.length, "statement", "statements") + " marked. Press again to undo." : "No statement of somebody else is here yet.");
  }
  update();
  return {
    node: h("section", { class: "ask" }, h("h2", null, "What lies where?"),
      h("p", null, "For each statement: is it inside, not relevant here, or not important here?"), count, list, status),
    ask,
    update,
    enable(may) {
      can = may;
      update();
    },
    flush() {},
  };
}

// ---- shared texts

function text(ask, c) {
  const agency = c.talk.own.agency;
  const column = (c.day.agencies.find((one) => one.id === agency) || {}).column;
  const own = (place) => place.column && (place.column.id === agency || place.column.id === column);
  const parts = [];
  const node = h("div", null);
  const hint = { own: "Your group writes its own column.", facilitator: "The facilitator writes this. Say it aloud.", anybody: "Everybody writes here." }[ask.who];
  node.append(h("p", { class: "quiet" }, hint));
  for (const [n, row] of (ask.rows || [""]).entries()) {
    const here = places(ask).filter((place) => place.row === row && (ask.who !== "own" || own(place)));
    const made = here.map((place) => {
      const label = place.column && ask.who !== "own" ? place.column.text : place.row || (place.column || {}).text || place.label;
      return ask.who === "facilitator" ? read(place, c.talk, label) : shared(ask, place, c.talk, label);
    });
    parts.push(...made);
    const nodes = made.map((each) => each.node);
    node.append(ask.columns && row && ask.who !== "own"
      ? h("fieldset", { "data-row": n }, h("legend", null, row), nodes) : h("div", null, nodes));
  }
  const made = together(parts, node);
  if (ask.who === "own") {
    const others = h("div", null);
    const details = h("details", null, h("summary", null, "What all groups wrote"), others);
    node.append(details);
    let drawn = "";
    parts.push({
      update() {
        const now = details.open ? JSON.stringify(places(ask).map((place) => c.talk.parts["text." + place.id])) : drawn;
        if (now === drawn) return;
        drawn = now;
        fill(others, texts(ask, c.talk.parts) || h("p", { class: "quiet" }, "Nobody has written yet."));
      },
      enable() {},
      flush() {},
    });
    details.addEventListener("toggle", () => made.update());
  }
  return made;
}

const KINDS = { choice, pick, lines, notes, text };

/** What all see of an ask now, small; many notes are folded, as they stand on the wall. */
export function shown(ask, c) {
  const body = h("div", { class: "results" });
  const folded = ask.kind === "notes" && h("details", null, h("summary", null, ask.sorts ? "The circles as they are now" : "The notes"), body);
  let drawn = "";
  function update() {
    const parts = c.talk.parts;
    const keys = ask.kind === "notes" ? notesOf(ask, parts) : places(ask).map((place) => parts["r." + place.id]);
    const now = JSON.stringify(keys);
    if (now === drawn) return;
    drawn = now;
    const found = results(ask, parts, c.names);
    fill(body, found);
    if (folded) folded.hidden = !found;
  }
  update();
  return { node: folded || body, update, enable() {}, flush() {} };
}

// The pictures of a room: how the agencies see it, and what people wrote. Each is a table, a list
// or a page of text: numbers and words stand in it, colour and length only repeat them.
import { h, id, many } from "./dom.js";

const UNSURE = "0"; // the option “don't know”: counted, and no level

/** The places of an ask that take an answer: {id, row, column, label}. */
export function places(ask) {
  const rows = ask.rows ? ask.rows.map((row, n) => [ask.id + "." + (n + 1), row]) : [[ask.id, ""]];
  const found = [];
  for (const [place, row] of rows) {
    if (!ask.columns) found.push({ id: place, row, column: null, label: row || ask.text });
    for (const column of ask.columns || [])
      found.push({ id: place + "." + column.id, row, column, label: (row ? row + ": " : "") + column.text });
  }
  return found;
}

/** All that a room may show of an ask now, or null. ``names``: agency's id -> its text. */
export function results(ask, parts, names) {
  if (ask.kind === "text") return texts(ask, parts);
  if (ask.sorts) return circle(ask, parts);
  if (ask.kind === "notes") return notes(ask, parts);
  const shown = places(ask).filter((place) => parts["r." + place.id]);
  if (!shown.length) return null;
  const differs = (parts.at || {}).differs;
  if (ask.kind === "pick") return votes(ask, parts["r." + ask.id]);
  if (ask.rows) return heat(ask, parts, names, differs);
  return spread(ask, parts["r." + ask.id], names, differs === ask.id);
}

function together(of, names) {
  return of.map((each) => names[each] || each).join(" + ");
}

function few(n) {
  return h("p", { class: "quiet" }, many(n, "person has", "people have") +
    " answered. From three people on, the room shows what they chose.");
}

function titled(title, ...body) {
  return signed(title, null, ...body);
}

function signed(title, sign, ...body) {
  const name = id();
  return h("figure", { class: "picture", "aria-labelledby": name },
    h("figcaption", { id: name }, h("span", { class: "what" }, title, " "), sign), body);
}

// ---- answers

/** One question: how many of each agency chose what. */
export function spread(ask, tally, names, differs) {
  const sign = differs && h("span", { class: "differs" }, "◆ The agencies differ most here");
  if (!Object.keys(tally.counts).length) return signed(ask.text, sign, few(tally.n));
  const rows = [{ name: "All", n: tally.n, counts: tally.counts }].concat(
    tally.groups.map((one) => ({ name: together(one.of, names), n: one.n, counts: one.counts })));
  const short = (one) => (one.id === UNSURE ? "?" : one.id);
  return signed(ask.text, sign,
    // On a phone a column has its number only, and these are the words to it.
    h("p", { class: "narrow quiet" }, ask.options.map((one) => short(one) + " " + one.text).join(" · ")),
    h("table", { class: "spread" },
      h("thead", null, h("tr", null, h("td", null), ask.options.map((one) => h("th", { scope: "col" },
        h("span", { class: "wide" }, one.text), h("span", { class: "narrow" }, short(one)))))),
      h("tbody", null, rows.map((row) =>
        h("tr", null, h("th", { scope: "row" }, row.name, h("small", null, ": " + row.n, h("span", { class: "mapt-unseen" }, row.n === 1 ? " person" : " people"))),
          ask.options.map((one) => {
            const n = row.counts[one.id] || 0;
            return h("td", { class: n ? "some" : "none" }, h("b", null, n), bar(n, row.n));
          }))))));
}

function bar(n, of) {
  const e = h("span", { class: "bar", "aria-hidden": "true" });
  e.style.width = (of ? Math.round((100 * n) / of) : 0) + "%";
  return e;
}

/** Many questions with one scale: the mean of each agency, as a shade, a number and a word. */
export function heat(ask, parts, names, differs) {
  const rows = places(ask).map((place) => ({ place, tally: parts["r." + place.id] })).filter((row) => row.tally);
  const columns = [];
  for (const row of rows)
    for (const one of row.tally.groups)
      if (columns.indexOf(one.of.join()) < 0) columns.push(one.of.join());
  columns.sort((a, b) => (a.indexOf(",") > 0) - (b.indexOf(",") > 0) || (a < b ? -1 : 1));
  const scale = ask.options.filter((one) => one.id !== UNSURE);
  const heads = ["All"].concat(columns.map((of) => together(of.split(","), names)));
  return titled(ask.text,
    h("p", { class: "quiet" }, "The number is the mean, from 1 (" + scale[0].text + ") to " + scale.length + " (" +
      scale[scale.length - 1].text + "). “?” counts those who don't know."),
    h("table", { class: "heat" },
      h("thead", null, h("tr", null, h("td", null), heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", null, rows.map(({ place, tally }) =>
        h("tr", null,
          h("th", { scope: "row" }, place.label, place.id === differs && h("span", { class: "differs" }, " ◆ differs most")),
          [tally].concat(columns.map((of) => tally.groups.find((one) => one.of.join() === of))).map((one, n) =>
            level(one, scale, heads[n])))))));
}

function level(one, scale, head) {
  if (!one) return h("td", { class: "none", "data-of": head }, "–");
  if (!Object.keys(one.counts).length) return h("td", { class: "none", "data-of": head }, "under 3 people");
  let people = 0, sum = 0;
  for (const each of scale) {
    people += one.counts[each.id] || 0;
    sum += Number(each.id) * (one.counts[each.id] || 0);
  }
  const unsure = one.counts[UNSURE] ? h("small", { class: "unsure" }, " " + one.counts[UNSURE] + " ?") : null;
  if (!people) return h("td", { class: "none", "data-of": head }, "Nobody knows", unsure);
  const mean = sum / people;
  const word = scale[Math.min(scale.length, Math.round(mean)) - 1].text;
  const shade = 1 + Math.round((3 * (mean - 1)) / (scale.length - 1));
  return h("td", { class: "shade" + shade, "data-of": head }, h("b", null, mean.toFixed(1)), h("span", { class: "word" }, " " + word), unsure);
}

/** What was chosen, most first; as many as each may choose stand out. */
export function votes(ask, tally) {
  if (!Object.keys(tally.counts).length) return titled(ask.text, few(tally.n));
  const order = ask.options.slice().sort((a, b) => tally.counts[b.id] - tally.counts[a.id] || a.id - b.id);
  const votes = order.map((one) => tally.counts[one.id]);
  const most = votes[0] || 1;
  const tie = votes[ask.most] > 0 && votes[ask.most] === votes[ask.most - 1];
  return titled(ask.text, h("ol", { class: "votes" }, order.map((one, n) => {
    const count = votes[n];
    const first = count && n < ask.most;
    return h("li", { class: first ? "chosen" : count ? "" : "none" }, 
      h("span", null, first ? "★ " : "", one.text), h("b", null, many(count, "vote", "votes")), bar(count, most));
  })), tie && h("p", { class: "quiet" }, "More than " + ask.most + " have as many votes as these. Talk about which it shall be."));
}

// ---- notes

/** The notes of an ask that were not merged into others: [id, note, how many say the same]. */
export function notesOf(ask, parts) {
  const found = [], merged = {};
  for (const key of Object.keys(parts)) {
    const note = parts[key];
    if (key.slice(0, 5) !== "note." || note.ask !== ask.id || note.hidden) continue;
    if (note.into) merged[note.into] = (merged[note.into] || 1) + 1;
    else found.push([key.slice(5), note]);
  }
  return found.map(([name, note]) => [name, note, merged[name] || 1]);
}

function cards(found) {
  const size = found.length > 40 ? "tiny" : found.length > 15 ? "small" : "";
  return h("ul", { class: "cards " + size }, found.map(([, note, times]) =>
    h("li", null, note.text, times > 1 && h("small", null, " ×" + times))));
}

/** What people wrote, in the order in which it came. */
export function notes(ask, parts) {
  const found = notesOf(ask, parts).filter(([, note]) => !note.waits);
  return found.length ? titled(ask.text, cards(found)) : null;
}

/** Statements in an inner and an outer circle. */
export function circle(ask, parts) {
  const found = notesOf(ask, parts);
  if (!found.length) return null;
  const lie = (ring) => found.filter(([, note]) => note.ring === ring);
  const inner = lie("inner"), outer = lie("outer");
  return titled(ask.text,
    h("div", { class: "outer" },
      h("div", { class: "inner" }, h("p", { class: "ring" }, "Inner circle: " + inner.length), cards(inner)),
      h("p", { class: "ring" }, "Outer circle: " + outer.length), cards(outer)));
}

// ---- shared texts

/** A shared text as all see it; where two wrote at once, both. */
export function standing(parts, place) {
  const found = (parts["text." + place] || []).map((one) => one.text).filter((text, n, all) => all.indexOf(text) === n);
  if (!found.length) return h("p", { class: "quiet" }, "–");
  return found.map((text, n) => [n > 0 && h("p", { class: "quiet" }, "or"), h("p", { class: "written" }, text)]);
}

/** Shared texts, as a table where they have columns. */
export function texts(ask, parts) {
  if (!places(ask).some((place) => parts["text." + place.id])) return null;
  if (!ask.columns || !ask.rows) {
    const all = places(ask);
    if (all.length === 1) return titled(ask.text, standing(parts, ask.id));
    return titled(ask.text, h("dl", { class: "page" }, all.map((place) => [
      h("dt", null, place.label), h("dd", null, standing(parts, place.id))])));
  }
  return titled(ask.text, h("table", { class: "grid" },
    h("thead", null, h("tr", null, h("td", null), ask.columns.map((one) => h("th", { scope: "col" }, one.text)))),
    h("tbody", null, ask.rows.map((row, n) =>
      h("tr", null, h("th", { scope: "row" }, row), ask.columns.map((one) =>
        h("td", { "data-of": one.text }, standing(parts, ask.id + "." + (n + 1) + "." + one.id))))))));
}

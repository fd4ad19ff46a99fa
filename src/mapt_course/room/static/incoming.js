// What came in, as the facilitator works with it: notes to hide, move and merge; texts to write.
import { button, fill, h, same } from "./dom.js";
import { places } from "./draw.js";
import { shared } from "./text.js";

/** The notes and the facilitator's own texts of some asks. ``c``: {talk, act}. */
export function notesAndTexts(asks, c) {
  const parts = [];
  for (const ask of asks.sort((a, b) => b.step - a.step)) { // what is written now comes first
    if (ask.kind === "notes") parts.push(notes(ask, c));
    if (ask.who !== "facilitator") continue;
    const fields = places(ask).map((place) => shared(ask, place, c.talk, place.label));
    const title = h("h3", null, ask.text);
    parts.push({
      node: h("section", { class: "ask" }, title, fields.map((each) => each.node)),
      update: () => fields.forEach((each) => each.update()),
      flush: () => fields.forEach((each) => each.flush()),
    });
  }
  return {
    node: h("div", null, parts.map((each) => each.node)),
    update: () => parts.forEach((each) => each.update()),
    flush: () => parts.forEach((each) => each.flush()),
  };
}

function notes(ask, c) {
  const list = h("ul", { class: "notes" });
  const hint = h("p", { role: "status" });
  const title = h("h3", null);
  const node = h("section", { class: "ask" }, title, hint, list);
  let merging = ""; // the note that is to be merged into another
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && merging) choose("");
  });

  function choose(name) {
    merging = name;
    update();
    const to = name ? "into" : "merge";
    const first = list.querySelector('[data-key^="' + to + '"]');
    if (first) first.focus();
  }

  function row(name, note, all) {
    const key = (what) => ({ class: "plain", "data-key": what + " " + name, "aria-label": WORDS[what] + ": " + note.text });
    const act = (what, op, args) => button(WORDS[what], () => c.act(op, Object.assign({ note: name }, args)), key(what));
    const inside = note.ring === "inner";
    const buttons = merging
      ? [merging === name ? button(WORDS.stop, () => choose(""), key("stop")) : button(WORDS.into, () => {
          const note = merging;
          choose("");
          c.act("merge", { note, into: name });
        }, key("into"))]
      : [
          note.hidden ? act("show", "unhide") : act("hide", "hide"),
          ask.sorts && (inside ? act("out", "place", { ring: "outer" }) : act("in", "place", { ring: "inner" })),
          all.length > 1 && button(WORDS.merge, () => choose(name), key("merge")),
        ];
    const state = [
      note.hidden && "hidden",
      note.waits && "not shown yet",
      ask.sorts && (inside ? "inner circle" : "outer circle"),
      ask.sorts && note.in + note.out > 0 && note.in + " in, " + note.out + " out",
      "from number " + note.seat.slice(1),
    ].filter(Boolean).join(" · ");
    const under = Object.keys(c.talk.parts).filter((each) => (c.talk.parts[each] || {}).into === name);
    return h("li", { class: note.hidden ? "gone" : "" }, h("p", { class: "written" }, note.text), h("p", { class: "quiet" }, state),
      h("div", { class: "buttons" }, buttons),
      under.length > 0 && h("ul", { class: "under" }, under.map((each) => {
        const one = c.talk.parts[each];
        return h("li", null, h("p", { class: "written" }, "Same: " + one.text),
          button("Take apart", () => c.act("split", { note: each.slice(5) }),
            { class: "plain", "data-key": "split " + each, "aria-label": "Take apart: " + one.text }));
      })));
  }

  function update() {
    const all = Object.keys(c.talk.parts).filter((key) => key.slice(0, 5) === "note." && c.talk.parts[key].ask === ask.id)
      .map((key) => [key.slice(5), c.talk.parts[key]]);
    const roots = all.filter(([, note]) => !note.into);
    if (merging && !roots.some(([name]) => name === merging)) merging = "";
    same(list, [merging, all], () => {
      title.textContent = ask.text + ": " + all.length;
      fill(hint, merging ? "Choose the note that says the same. Escape goes back." : "");
      return roots.map(([name, note]) => row(name, note, roots));
    });
  }
  title.textContent = ask.text + ": 0";
  update();
  return { node, update, flush() {} };
}

const WORDS = {
  hide: "Hide", show: "Show again", out: "Move outward", in: "Move inside",
  merge: "Merge …", into: "Into this one", stop: "Do not merge",
};

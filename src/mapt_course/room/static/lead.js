// The facilitator's controls: where the group goes, what is shown, and what came in.
import { button, fill, h, id, many, same, say } from "./dom.js";
import { results } from "./draw.js";
import { notesAndTexts } from "./incoming.js";
import { BASE, post } from "./talk.js";
import { among, learn, part, timer, trouble, words } from "./where.js";

/** Show the controls in an element; ``talk``: see talk.js; ``level``: of its heading.
 *  Returns a function that ends it. */
export function mount(element, talk, level = "h1") {
  const bar = h("p", { class: "bar", role: "status", hidden: true });
  const people = h("p", { class: "quiet" });
  const said = h("p", { class: "status refused", role: "alert" });
  const clock = timer(talk);
  const stages = h("ol", null);
  const place = h("div", null);
  const controls = h("div", { class: "controls" });
  const counts = h("ul", { class: "counts" });
  const notes = h("div", { class: "side" });
  const came = h("div", null);
  const pictures = h("div", null);
  const door = h("section", { class: "ask", "aria-label": "How people join" }, h("p", null, "…"));
  const seats = h("section", { class: "ask" });
  const paper = h("section", { class: "ask" });
  const ending = h("section", { class: "ask" });
  const c = { talk, names: {}, act };
  let day = null;
  let stage = null; // the words of the stage that is shown
  let number = -1;
  let incoming = null;

  element.classList.add("leading");
  fill(element,
    h("header", null, h("div", null, h(level, null, "Leading the joint day"), people), clock.node), bar, said,
    h("div", { class: "columns" },
      h("nav", { "aria-label": "Stages of the day" }, stages),
      h("div", { class: "middle" }, h("div", { "aria-live": "polite" }, place), controls, counts, notes, came, pictures),
      h("div", { class: "side" }, door, seats, paper, ending)));
  fill(paper, ...typing());
  fill(ending, h("h2", null, "At the end"),
    once("Close the room", "Close the room for good? Nobody can change anything any more.", () => act("close", {})));

  /** Do something, and say why where it was refused. */
  function act(op, args) {
    say(said, "");
    return talk.do(op, args).then((why) => {
      say(said, why);
      return why;
    });
  }

  // ---- where the group is

  function drawStages() {
    const at = talk.parts.at;
    same(stages, [at.stage], () => day.stages.map((one, n) =>
      h("li", null, button("", () => act("go", { stage: n, step: 1 }),
        { class: "plain", "data-key": "stage" + n, "aria-current": at.stage === n ? "step" : false,
          "aria-label": n + 1 + ". " + one.title + ", " + one.at + ", " + one.minutes + " minutes" }))));
    stages.querySelectorAll("button").forEach((each, n) => {
      const one = day.stages[n];
      if (!each.firstChild) fill(each, h("b", null, n + 1), h("span", null, one.title),
        h("small", null, one.at + " · " + one.minutes + " min"));
    });
  }

  function go(by) {
    const at = talk.parts.at;
    let to = at.stage, step = at.step + by;
    if (step < 1) step = (to -= 1) < 0 ? 0 : day.stages[to].steps.length;
    else if (step > day.stages[to].steps.length) [to, step] = [to + 1, 1];
    return act("go", { stage: to, step });
  }

  function drawControls() {
    const at = talk.parts.at;
    const locked = among(at.locked, at.stage, at.step);
    const minutes = day.stages[at.stage].minutes;
    const waits = stage.asks.some((ask) => ask.step === at.step && !ask.open && /choice|pick|notes/.test(ask.kind));
    const key = (name) => ({ class: "plain", "data-key": name });
    const last = at.stage + 1 === day.stages.length && at.step === stage.steps.length;
    const run = (n) => button(n + " min", () => act("timer", { seconds: 60 * n }), key("run" + n));
    same(controls, [at.stage, at.step, at.revealed, locked, at.until, at.closed], () => at.closed
      ? h("p", null, "The room is closed. Nothing can be changed any more.") : [
        h("div", { class: "buttons" },
          button("Back", () => go(-1), Object.assign(key("back"), { disabled: at.stage === 0 && at.step === 1 })),
          button("Next", () => go(1), { "data-key": "next", disabled: last }),
          (waits || at.revealed) && button(at.revealed ? "Conceal the answers" : "Reveal the answers", () => act(at.revealed ? "conceal" : "reveal", {}), key("reveal")),
          button(locked ? "Unlock this part" : "Lock this part", () => act(locked ? "unlock" : "lock", {}), key("lock")),
          stage.asks.some((ask) => ask.partner) && at.step > 1 && button("Make pairs anew", () => act("pair", {}), key("pair"))),
        h("div", { class: "buttons", role: "group", "aria-label": "Timer" }, h("span", null, "Timer:"),
          [5, 10, minutes].filter((n, i, all) => all.indexOf(n) === i).map(run),
          at.until && button("Stop the timer", () => act("timer", { seconds: 0 }), key("stop")))]);
  }

  function drawCounts() {
    const at = talk.parts.at;
    const asks = stage.asks.filter((ask) => ask.step <= at.step && ask.kind !== "text");
    same(counts, [at.people, asks.map((ask) => talk.parts["n." + ask.id])], () => asks.map((ask) =>
      h("li", null, h("b", null, (talk.parts["n." + ask.id] || 0) + " of " + at.people), " ", ask.text)));
  }

  function drawPictures() {
    const at = talk.parts.at;
    const asks = stage.asks.filter((ask) => ask.step <= at.step && ask.kind !== "notes" && ask.who !== "facilitator");
    const mine = (key) => asks.some((ask) => key.split(".")[1] === ask.id && /^[rt]/.test(key));
    const keys = Object.keys(talk.parts).filter(mine).map((key) => [key, talk.parts[key]]);
    const shown = asks.map((ask) => [ask, results(ask, talk.parts, c.names)]).filter((pair) => pair[1]);
    same(pictures, [number, at.step, at.alone, keys, at.differs], () => shown.map(([ask, picture]) => h("div", null, picture,
      shown.length > 1 && button(at.alone === ask.id ? "Show all on the wall" : "Show this alone on the wall",
        () => act("alone", { ask: at.alone === ask.id ? "" : ask.id }),
        { class: "plain", "data-key": "alone" + ask.id, "aria-label": (at.alone === ask.id ? "Show all on the wall: " : "Show this alone on the wall: ") + ask.text }))));
  }

  // ---- who is here

  function drawSeats() {
    const { agencies, seats: list } = talk.parts.seats || { agencies: {}, seats: [] };
    same(seats, [agencies, list], () => [
      h("h2", null, "Who is here"),
      h("ul", null, Object.keys(agencies).map((one) =>
        h("li", null, c.names[one] + ": " + (agencies[one] || "one or two")))),
      list.length > 0 && h("details", { open: seats.querySelector("details[open]") !== null },
        h("summary", { "data-key": "seats" }, many(list.length, "device", "devices")),
        h("ul", { class: "seats" }, list.map(([seat, voices, paper]) => h("li", null,
          h("span", null, paper ? "Sheet " + sheet(seat) : "Number " + seat.slice(1) + (voices > 1 ? ", " + voices + " people" : "")),
          once("Remove", "Remove " + (paper ? "sheet " + sheet(seat) : "number " + seat.slice(1)) + "? Its answers and notes go too.",
            () => act("remove", { seat }), "Remove " + (paper ? "sheet " + sheet(seat) : "number " + seat.slice(1)))))))]);
  }

  function drawDoor(told) {
    fill(door, h("h2", null, "How people join"),
      h("p", null, "Address ", h("b", { class: "address" }, told.address)),
      h("p", null, "Letters ", h("b", { class: "code" }, told.code)),
      h("img", { src: told.qr, alt: "QR code of the address and the letters", class: "qr" }),
      h("p", null, h("a", { href: told.wall || "wall", target: "_blank", rel: "noopener" }, "Open the wall")));
  }

  function update(keys) {
    const trouble_ = trouble(talk);
    say(bar, trouble_);
    bar.hidden = !trouble_;
    const at = talk.parts.at;
    if (!at || !day) return;
    say(people, many(at.people, "person is", "people are") + " here");
    clock.update();
    drawSeats();
    drawStages();
    if (number === at.stage && stage) drawStage(keys);
    else words(talk, at.stage).then((told) => {
      if (talk.parts.at.stage !== at.stage || number === at.stage) return;
      [number, stage] = [at.stage, told];
      drawStage(keys);
    }).catch(() => {}); // no network: the next change of it asks again
  }

  let shownPart = "";

  function drawStage(keys) {
    const at = talk.parts.at;
    const now = number + "." + at.step;
    if (now !== shownPart) {
      shownPart = now;
      fill(place, h("p", { class: "quiet" }, "Stage " + (number + 1) + " of " + day.stages.length + " · " + stage.at + " · " + stage.minutes + " minutes"),
        h("h2", { class: "title" }, stage.title), h("p", { class: "part" }, part(stage, at.step)));
      fill(notes, h("section", { class: "ask" }, h("h3", null, "To say"), h("ul", null, stage.says.map((one) => h("li", null, one)))),
        stage.prompts.length > 0 && h("section", { class: "ask" }, h("h3", null, "For the talk"), h("ul", null, stage.prompts.map((one) => h("li", null, one)))));
      if (incoming) incoming.flush();
      incoming = notesAndTexts(stage.asks.filter((ask) => ask.step <= at.step), c);
      fill(came, incoming.node);
    }
    drawControls();
    drawCounts();
    drawPictures();
    incoming.update(keys);
  }

  const end = talk.on(update);
  learn(talk, "day", (told) => {
    day = told;
    day.agencies.forEach((one) => (c.names[one.id] = one.text));
    update(new Set());
  });
  learn(talk, "door", drawDoor);
  return () => {
    end();
    clock.end();
  };
}

/** The number on the sheet that a seat stands for (room/typed.py). */
function sheet(seat) {
  return seat.slice(2).replace(/^0+/, "");
}

/** What people wrote on paper, from a table that was filled in. */
function typing() {
  const name = id();
  const told = h("div", { role: "status" });
  const field = h("input", { id: name, type: "file", accept: ".csv,text/csv,text/plain", onchange: bring });

  function bring() {
    const file = field.files[0];
    if (!file) return;
    say(told, "Bringing it in …");
    const reader = new FileReader();
    reader.onload = () => post("typed", { table: reader.result })
      .then((got) => got.json())
      .then((body) => fill(told,
        h("p", null, body.why || many(body.sheets, "sheet", "sheets") + (body.faults.length ? " taken, but:" : " taken.")),
        (body.faults || []).length > 0 && h("ul", null, body.faults.map((one) => h("li", null, one)))))
      .catch(() => say(told, "The room does not answer. Try again."))
      .then(() => (field.value = ""));
    reader.readAsText(file);
  }
  return [h("h2", null, "From paper"),
    h("p", null, "Type what is on the sheets into ", h("a", { href: BASE + "table", download: "" }, "this table"), ", save it as CSV, and choose it here."),
    h("label", { for: name }, "The filled table"), field, told];
}

/** A button that asks once before it acts. */
function once(text, question, act, label) {
  const box = h("div", { class: "once" });
  const ask = () => {
    const sure = button("Yes, " + text.toLowerCase(), () => {
      rest();
      act();
    }, { class: "danger" });
    fill(box, h("p", { role: "alert" }, question), h("div", { class: "buttons" }, sure, button("No", rest, { class: "plain" })));
    sure.focus();
  };
  function rest() {
    const first = button(text, ask, { class: "plain", "aria-label": label || text });
    const focused = box.contains(document.activeElement);
    fill(box, first);
    if (focused) first.focus();
  }
  rest();
  return box;
}

// The page on a phone: come in, see where the group is, do what the stage asks.
import { present, shown, sorting } from "./asks.js";
import { button, fill, h, id, many, say } from "./dom.js";
import { results } from "./draw.js";
import { connect, forget, get, post } from "./talk.js";
import { among, part, timer, trouble, words } from "./where.js";

const page = document.querySelector("main");
const code = location.hash.slice(1); // a fragment never reaches a log; here it leaves the address too
if (code) history.replaceState(null, "", location.pathname);

function begin() {
  Promise.all([get("day").then((got) => got.json()), get("stage/0")])
    .then(([day, seat]) => (seat.ok ? enter(day) : join(day, "")))
    .catch(() => {
      fill(page, h("p", { role: "status" }, "The room does not answer. Is this device in the room's Wi-Fi? The page tries again by itself."));
      setTimeout(begin, 3000);
    });
}

// ---- coming in

function join(day, why) {
  const codeId = id(), manyId = id();
  const field = h("input", { id: codeId, type: "text", value: code.toUpperCase(), maxlength: 12, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", class: "code" });
  const agencies = day.agencies.map((one) => h("input", { type: "radio", name: "agency", value: one.id }));
  const voices = h("select", { id: manyId }, [1, 2, 3, 4, 5, 6, 7, 8].map((n) => h("option", { value: n }, many(n, "person", "people"))));
  const told = h("p", { class: "status refused", role: "alert" }, why);
  const go = h("button", { type: "submit" }, "Come in");
  const form = h("form", { onsubmit: send, novalidate: true },
    h("div", { class: "field" }, h("label", { for: codeId }, "The six letters on the wall"), field),
    h("fieldset", null, h("legend", null, "Where do you work?"), day.agencies.map((one, n) =>
      h("label", { class: "option" }, agencies[n], h("span", null, one.text)))),
    h("div", { class: "field" }, h("label", { for: manyId }, "How many people answer from this device?"), voices),
    told, go);

  function send(event) {
    event.preventDefault();
    const agency = agencies.find((each) => each.checked);
    const letters = field.value.replace(/[^A-Za-z]/g, "").toUpperCase();
    if (letters.length !== 6 || !agency) {
      say(told, letters.length !== 6 ? "Type the six letters that stand on the wall." : "Choose where you work.");
      (letters.length !== 6 ? field : agencies[0]).focus();
      return;
    }
    go.disabled = true;
    say(told, "Coming in …");
    post("join", { code: letters, agency: agency.value, voices: Number(voices.value) })
      .then((got) => got.json().then((body) => {
        if (!got.ok) throw new Error(body.why);
        forget("seat");
        enter(day);
      }))
      .catch((error) => {
        go.disabled = false;
        say(told, error.name === "Error" ? error.message : "The room does not answer. Try again.");
      });
  }

  fill(page, h("h1", null, day.title),
    h("p", null, "You give no name. Nobody can see which device an answer came from."), form);
}

// ---- inside

function enter(day) {
  const talk = connect("seat");
  const names = {};
  day.agencies.forEach((one) => (names[one.id] = one.text));
  const c = { talk, day, names, voice: 1 };
  const clock = timer(talk);
  const badge = h("p", { class: "badge" });
  const bar = h("p", { class: "bar", role: "status" });
  const head = h("div", { "aria-live": "polite" });
  const body = h("div", null);
  let made = [];
  let built = "";
  fill(page, h("header", null, badge, clock.node), bar, head, body);
  say(head, "Coming in …");

  const end = talk.on((keys) => {
    if (talk.net === "out") {
      end();
      clock.end();
      join(day, "This device has no seat in the room any more. Join again.");
      return;
    }
    const lost = talk.refused;
    say(bar, trouble(talk) || (lost ? lost.why + (lost.text ? " You had written: " + lost.text : "") : ""));
    bar.hidden = !bar.textContent;
    if (!talk.parts.at || !talk.own) return;
    clock.update();
    const { stage, step } = talk.parts.at;
    say(badge, "Number " + talk.own.seat.slice(1) + " · " + names[talk.own.agency]);
    const now = [stage, step, c.voice, talk.own.seat].join();
    if (now === built) update(keys);
    else build(now, stage, step);
  });

  function build(now, number, step) {
    words(talk, number).then((stage) => {
      const at = talk.parts.at;
      if (now === built || at.stage !== number || at.step !== step) return;
      built = now;
      made.forEach((each) => each.flush());
      made = [];
      const { earlier, current } = asksOf(stage, number, step);
      fill(head, h("p", { class: "quiet" }, "Stage " + (number + 1) + " of " + day.stages.length),
        h("h1", null, stage.title), part(stage, step) && h("p", { class: "part" }, part(stage, step)));
      fill(body, h("p", null, stage.shows),
        stage.rules && h("ol", { class: "rules" }, stage.rules.map((rule) => h("li", null, rule))),
        voices(), partners(stage, step), current,
        earlier.length > 0 && h("details", null, h("summary", null, "From the parts before"), earlier));
      if (stage.id === "agreement") agreed(number, body);
      update();
    }).catch(() => {}); // no network: the next change of it asks again
  }

  /** Fields of this part; of earlier ones notes stay at hand, the rest is folded. */
  function asksOf(stage, number, step) {
    const earlier = [], current = [], later = [];
    for (const ask of stage.asks) {
      if (ask.step > step) continue;
      const now = ask.step === step;
      const into = now ? current : ask.kind === "notes" && !ask.sorts ? later : earlier;
      const state = h("p", { class: "state", role: "status" });
      const one = ask.sorts && !now ? sorting(ask, c) : present(ask, c);
      const out = shown(ask, c);
      one.node.append(state);
      // The notes of an open ask are shown among its fields already.
      if (ask.kind !== "text" && (ask.sorts || !(ask.kind === "notes" && ask.open))) one.node.append(out.node);
      one.tell = () => tell(one, ask, number, state);
      made.push(one, out);
      (ask.sorts && !now ? current : into).push(one.node);
    }
    return { earlier, current: current.concat(later) };
  }

  function tell(one, ask, number, state) {
    const at = talk.parts.at;
    const locked = among(at.locked, number, ask.step);
    const out = among(at.shown, number, ask.step) && (ask.kind === "choice" || ask.kind === "pick");
    const ended = at.closed || talk.own.gone || talk.net === "bye";
    one.enable(!locked && !out && !ended);
    const answered = talk.parts["n." + ask.id];
    say(state, at.closed ? "The room is closed. Nothing can be changed any more."
      : out ? "The answers are on the wall. They stand as they are."
      : locked ? "The facilitator has closed this part. Nothing can be changed in it now."
      : answered ? answered + " of " + many(at.people, "person has", "people have") + " answered." : "");
  }

  function update(keys) {
    for (const each of made) {
      each.update(keys);
      if (each.tell) each.tell();
    }
    if (pairs) pairs();
  }

  function voices() {
    if (talk.own.voices < 2) return null;
    const press = (n) => () => {
      c.voice = n;
      const { stage, step } = talk.parts.at;
      build([stage, step, n, talk.own.seat].join(), stage, step);
    };
    return h("div", { class: "voices", role: "group", "aria-label": "Who answers now?" },
      Array.from({ length: talk.own.voices }, (_, n) =>
        button("Person " + (n + 1), press(n + 1), { "aria-pressed": String(c.voice === n + 1) })));
  }

  let pairs = null;

  /** The other one's badge to look for, and what stands on their card. */
  function partners(stage, step) {
    const card = stage.asks.find((ask) => ask.partner);
    pairs = null;
    if (!card || step === 1) return null;
    const node = h("section", { class: "ask", "aria-live": "polite" });
    let drawn = "";
    pairs = () => {
      const now = JSON.stringify(talk.own.partners);
      if (now === drawn) return;
      drawn = now;
      const found = talk.own.partners;
      fill(node, h("h2", null, found.length > 1 ? "Your partners" : "Your partner"),
        !found.length && h("p", null, "There is nobody for you yet. Tell the facilitator: new pairs can be made."),
        found.map((one) => [h("p", { class: "look" }, "Look for number ", h("b", null, one.seat.slice(1)), ", " + names[one.agency]),
          h("dl", { class: "page" }, card.rows.map((row, n) => {
            const text = one.card[card.id + "." + (n + 1)];
            return text && [h("dt", null, row), h("dd", null, h("p", { class: "written" }, text))];
          }))]));
    };
    return node;
  }

  /** What the facilitator wrote down in earlier stages stands above the agreement. */
  function agreed(number, into) {
    const all = [];
    for (let n = 0; n < number; n++) all.push(words(talk, n));
    Promise.all(all).then((stages) => {
      const asks = [].concat(...stages.map((one) => one.asks)).filter((ask) => ask.who === "facilitator");
      const nodes = asks.map((ask) => results(ask, talk.parts, names));
      into.insertBefore(h("section", { class: "ask" }, nodes), into.children[1] || null);
    }).catch(() => {});
  }
}

begin();

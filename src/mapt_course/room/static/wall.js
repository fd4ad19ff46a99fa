// The projector's view: no controls, large, readable from the last row.
import { fill, h, many, say } from "./dom.js";
import { results } from "./draw.js";
import { among, learn, part, timer, trouble, words } from "./where.js";

const SMALLEST = 0.7; // of the size that can be read from the last row

/** Show the wall in an element; ``talk``: see talk.js. Returns a function that ends it. */
export function mount(element, talk) {
  const bar = h("p", { class: "bar", role: "status", hidden: true });
  const head = h("div", { "aria-live": "polite" });
  const corner = h("div", { class: "corner" });
  const large = h("section", { class: "door", hidden: true, "aria-label": "How to join" });
  const body = h("div", { class: "body" });
  const clock = timer(talk);
  let day = null;
  let drawn = "";
  const names = {};
  element.classList.add("on-the-wall");
  const both = h("div", null, large, body);
  fill(element, bar, h("header", null, head, clock.node, corner), both);

  function doors(told) {
    const qr = () => h("img", { src: told.qr, alt: "QR code of the address and the letters", class: "qr" });
    const address = told.address.replace(/^https?:\/\//, "").replace(/\/$/, "");
    fill(corner, qr(), h("p", null, h("span", null, address), h("b", { class: "code" }, told.code)));
    fill(large, qr(), h("p", null, "or open"), h("p", { class: "address" }, address),
      h("p", null, "and type"), h("p", { class: "code" }, told.code));
  }

  function update() {
    const wrong = trouble(talk);
    say(bar, wrong);
    bar.hidden = !wrong;
    const at = talk.parts.at;
    if (!at || !day) return;
    clock.update();
    large.hidden = at.stage > 0 || at.closed;
    both.className = large.hidden ? "" : "first";
    corner.hidden = at.stage === 0 || at.closed;
    const needed = [words(talk, at.stage)];
    // The agreement is one page, with what was written down in earlier stages.
    if (day.stages[at.stage].id === "agreement") for (let n = 0; n < at.stage; n++) needed.push(words(talk, n));
    Promise.all(needed).then(([stage, ...earlier]) => {
      if (talk.parts.at.stage !== at.stage) return;
      const now = JSON.stringify([talk.parts, talk.net === "bye"]);
      if (now === drawn) return;
      drawn = now;
      draw(stage, [].concat(...earlier.map((one) => one.asks)).filter((ask) => ask.who === "facilitator"));
    }).catch(() => {}); // no network: the next change of it asks again
  }

  let title = "";

  function draw(stage, written) {
    const at = talk.parts.at;
    if (title !== stage.id + at.step + at.alone) {
      title = stage.id + at.step + at.alone;
      fill(head, h("p", { class: "quiet" }, "Stage " + (at.stage + 1) + " of " + day.stages.length),
        h("h1", null, stage.title), part(stage, at.step) && h("p", { class: "part" }, part(stage, at.step)));
      scrollTo(0, 0);
    }
    const asks = stage.asks.filter((ask) => ask.step <= at.step && (!at.alone || at.alone === ask.id));
    // What belongs to this part first; of several questions the one on which agencies differ most.
    asks.sort((a, b) => (b.step === at.step) - (a.step === at.step) || (b.id === at.differs) - (a.id === at.differs));
    const pictures = (at.alone ? [] : written).concat(asks).map((ask) => results(ask, talk.parts, names)).filter(Boolean);
    const counted = asks.filter((ask) => ask.step === at.step && ask.kind !== "text" && !among(at.shown, at.stage, ask.step));
    fill(body,
      at.closed && h("p", { class: "part" }, "The room is closed. Thank you."),
      !at.revealed && h("p", { class: "shows" }, stage.shows),
      stage.rules && h("ol", { class: "rules" }, stage.rules.map((rule) => h("li", null, rule))),
      at.stage === 0 ? h("p", { class: "count" }, many(at.people, "person is", "people are") + " here")
        : h("ul", { class: "counts" }, counted.map((ask) => h("li", null,
            h("b", null, (talk.parts["n." + ask.id] || 0) + " of " + at.people), " ", ask.text))),
      among(at.locked, at.stage, at.step) && h("p", { class: "quiet" }, "This part is closed now."),
      pictures.length > 0 && h("div", { class: "pictures" }, pictures));
    fit();
  }

  /** A picture that is too tall for the projector is drawn smaller, as long as it can be read. */
  function fit() {
    body.style.zoom = 1;
    const needed = body.scrollHeight, there = innerHeight - body.getBoundingClientRect().top - 16;
    if (needed > there && innerWidth > 900) body.style.zoom = Math.max(SMALLEST, Math.sqrt(there / needed));
  }
  addEventListener("resize", fit);

  const end = talk.on(update);
  learn(talk, "day", (told) => {
    day = told;
    day.agencies.forEach((one) => (names[one.id] = one.text));
    update();
  });
  learn(talk, "door", doors);
  return () => {
    end();
    removeEventListener("resize", fit);
    clock.end();
  };
}

// Where the group is, and how long it still has: the same on every screen.
import { h, say } from "./dom.js";

/** The words of a stage, asked for once. */
export function words(talk, number) {
  talk.words = talk.words || {};
  if (!talk.words[number]) {
    talk.words[number] = talk.ask("stage/" + number).catch((error) => {
      delete talk.words[number];
      throw error;
    });
  }
  return talk.words[number];
}

/** Ask for something until it comes. */
export function learn(talk, path, then) {
  talk.ask(path).then(then, () => {
    if (talk.net === "on" || talk.net === "off") setTimeout(() => learn(talk, path, then), 2000);
  });
}

/** Whether a part of a stage is in ``at.shown`` or ``at.locked``. */
export function among(pairs, stage, step) {
  return pairs.some((pair) => pair[0] === stage && pair[1] === step);
}

/** “Part 2 of 4: First partner”, or "" where a stage has one part. */
export function part(stage, step) {
  return stage.steps.length > 1 ? "Part " + step + " of " + stage.steps.length + ": " + stage.steps[step - 1] : "";
}

/** The timer; only its end is read aloud. */
export function timer(talk) {
  const left = h("span", { class: "left" });
  const over = h("span", { role: "status" });
  const node = h("p", { class: "timer", hidden: true }, left, over);
  function update() {
    const until = (talk.parts.at || {}).until;
    node.hidden = !until;
    if (!until) return;
    const seconds = Math.ceil((Date.parse(until) - talk.clock()) / 1000);
    say(left, seconds > 0 ? Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0") + " left" : "");
    say(over, seconds > 0 ? "" : "Time is up");
    node.classList.toggle("over", seconds <= 0);
  }
  const ticking = setInterval(update, 500);
  return { node, update, end: () => clearInterval(ticking) };
}

/** What is wrong with the network, in a sentence; "" where nothing is. */
export function trouble(talk) {
  if (talk.net === "bye") return talk.why;
  if (talk.net === "on") return "";
  return talk.waiting
    ? "No network just now. What you did is kept on this device, and sent when the network is back."
    : "No network just now. The page tries again by itself.";
}

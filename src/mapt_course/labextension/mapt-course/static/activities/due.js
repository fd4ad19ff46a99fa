// Questions that are due again: one at a time, with how many are left, or when the next comes.
import { h, redraw } from "./page.js";
import { question } from "./quiz.js";

export function due(link, watch) {
  const head = h("p", { className: "mapt-due-head", tabIndex: -1, role: "status" });
  const box = h("div");
  const foot = h("div");
  // On Start here a question must not push the course map out of sight before it is asked for.
  let open = link.view.lesson || link.view.items.some((item) => item.mark);
  let shown = "";
  let told; // what the question on the page wants to hear of

  const draw = (change) => {
    const [asked] = link.view.items;
    const item = open ? asked : undefined;
    if (head.textContent !== line(link.view)) head.textContent = line(link.view); // or it is read aloud again
    head.classList.toggle("mapt-quiet", !asked);
    if ((item?.id ?? "") === shown) told?.(change);
    else {
      const here = [box, foot].some((part) => part.contains(document.activeElement));
      shown = item?.id ?? "";
      told = undefined;
      box.replaceChildren(...(item ? [question(link, (watcher) => (told = watcher), item.id, "")] : []));
      if (here) head.focus();
    }
    redraw(foot, asked && !open && button("begin", link.view.due > 1 ? "Answer them" : "Answer it", () => { open = true; draw({ all: true }); }),
      item?.mark && link.view.due > 0 && button("next", "Next question", () => link.send({ do: "next", item: item.id })));
  };
  draw({ all: true });
  watch(draw);
  return [head, box, foot];
}

const button = (name, text, click) =>
  h("div", { className: "mapt-buttons" }, h("button", { type: "button", "data-k": name, click }, text));

const questions = (n) => (n === 1 ? "1 question" : `${n} questions`);
const are = (n) => `${questions(n)} ${n === 1 ? "is" : "are"}`;

/** What is due, in a sentence or two. */
function line(told) {
  if (told.items.some((item) => !item.mark) && told.due) return `${are(told.due)} due.`;
  if (told.due) return `${told.due} more to come.`;
  if (told.later)
    return told.lesson
      ? `That is enough before a lesson. ${are(told.later)} waiting on Start here.`
      : `That is enough for today. ${are(told.later)} waiting, and will keep until tomorrow.`;
  const next = told.next && `The next comes back on ${day(told.next)}.`;
  if (told.done) return `That was all for today. ${next}`;
  if (next) return `Nothing is due today. ${next}`;
  return told.lesson ? "Nothing is due today." : "Nothing is due today. What you answer in the lessons comes back here some days later.";
}

const day = (iso) =>
  new Date(`${iso}T12:00:00Z`).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });

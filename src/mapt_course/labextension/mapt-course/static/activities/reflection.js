// A box for a reflection: it counts words and saves itself.
import { h, rich } from "./page.js";

const IDLE = 2000; // ms without a key before the text is saved

export function reflection(link, watch) {
  const told = link.view.reflection;
  const id = `text ${told.id}`;
  let timer, lastSent = told.text;
  const count = h("span");
  const status = h("span", { role: "status" });
  const box = h("textarea", {
    id,
    rows: 9,
    value: link.draft(told) ?? told.text,
    "data-k": "text",
    input: () => {
      link.setDraft(told, box.value);
      tell();
      status.textContent = "Not saved yet";
      clearTimeout(timer);
      timer = setTimeout(save, IDLE);
    },
    blur: () => save(),
  });
  const paper = h("p", { className: "mapt-paper", "aria-hidden": "true" }); // printed for the box, which cuts
  const tell = () => {
    paper.textContent = box.value;
    const words = (box.value.match(/[^\s]+/gu) ?? []).length;
    const { min_words: least, max_words: most } = told;
    const wanted = least && most ? ` (${least} to ${most} is about right)` : "";
    count.textContent = `${words} ${words === 1 ? "word" : "words"}${wanted}`;
  };
  const save = () => {
    clearTimeout(timer);
    if (box.value === lastSent) return;
    lastSent = box.value;
    status.textContent = "Saving…";
    link.send({ do: "reflection", item: told.id, text: box.value });
  };
  const saved = (at) => {
    status.textContent = at
      ? `Saved ${new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`
      : "Saves by itself as you write";
  };
  tell();
  saved(told.saved);
  // Typed on a page that went away before it could send; what it did send is in the queue.
  if (link.draft(told) !== undefined && link.draft(told) !== told.text && !link.kept.queue.length) save();
  watch((change) => {
    const now = link.view.reflection;
    if (change.mine?.do === "reflection" || change.all) {
      if (box.value === now.text) saved(now.saved);
    }
    // Another page wrote: take it over where nobody is writing here.
    if (document.activeElement !== box && link.draft(told) === undefined && box.value !== now.text) {
      box.value = lastSent = now.text;
      tell();
      saved(now.saved);
    }
  });
  return h("div", { className: "mapt-item mapt-reflection" },
    h("h3", null, told.title),
    told.earlier.title && earlier(told.earlier),
    h("label", { htmlFor: id }, told.prompt.split("\n\n").map((part) => h("span", { className: "mapt-prompt" }, rich(part)))),
    h("p", { className: "mapt-quiet" }, told.reminder),
    box,
    paper,
    h("p", { className: "mapt-status" }, count, status));
}

/** What was written weeks ago, to be read again; or that nothing was. */
function earlier({ title, text, at }) {
  const day = at && new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return text
    ? h("figure", { className: "mapt-earlier" },
        h("figcaption", { className: "mapt-quiet" }, `“${title}”, as you wrote it on ${day}`),
        h("p", { dir: "auto" }, text))
    : h("p", { className: "mapt-earlier mapt-quiet" }, `You have not written “${title}” yet. Answer for the one thing that you meant to change.`);
}

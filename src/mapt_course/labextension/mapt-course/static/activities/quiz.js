// A quiz: its questions one under the other; each is answered, checked, explained, tried again.
import { h, redraw, rich } from "./page.js";
import { answers, missing } from "./answers.js";
import { picture } from "./picture.js";

const SURE = [["sure", "Sure"], ["think", "I think so"], ["guess", "A guess"]];

export function quiz(link, watch) {
  const { items, graded, title, later } = link.view;
  const result = h("div", { "aria-live": "polite" });
  const count = h("p", { className: "mapt-count", "aria-live": "polite" });
  const progress = () => {
    const told = outcome(link.view.result);
    result.className = told.length ? "mapt-item" : "";
    result.replaceChildren(...told);
    if (!link.view.graded) return void (count.textContent = "");
    const open = link.view.items.filter((item) => isOpen(item)).length;
    count.textContent = open
      ? `${items.length - open} of ${items.length} answered`
      : later ? `All ${items.length} answered.` : `All ${items.length} answered. You can still change them until you hand in.`;
  };
  progress();
  watch(progress);
  return [
    title && h("h3", null, title),
    later && h("p", { className: "mapt-quiet" }, later),
    graded && count,
    items.map((item, n) => question(link, watch, item.id, items.length > 1 ? `Question ${n + 1} of ${items.length}` : "")),
    result,
  ];
}

/** What was known before and at the end, with the self-ratings beside it: never those alone. */
function outcome(told) {
  if (!told) return [];
  return [
    h("h3", null, told.title),
    h("table", { className: "mapt-result-table" },
      h("tbody", null, told.rows.map((row) => h("tr", null, h("th", { scope: "row" }, row.label), h("td", null, row.value))))),
    h("p", { className: "mapt-quiet" }, told.caution)];
}

const isOpen = (item) => item.response === null || Boolean(missing(item, item.response));

export function question(link, watch, id, label) {
  const place = h("div", { className: "mapt-item" });
  const current = () => link.view.items.find((item) => item.id === id);
  const status = h("p", { className: "mapt-status", role: "status" });
  let timer;
  let owed = null; // what waits for a pause in typing

  const send = (what, more) => link.send({ do: what, item: id, ...more });
  const answered = (response, confidence) => send("response", { response, confidence });

  function pay() {
    clearTimeout(timer);
    const due = owed;
    owed = null;
    due?.();
  }
  // Whoever leaves the question has paused: what is pressed next may be “Hand in”.
  place.addEventListener("focusout", (event) => {
    if (!place.contains(event.relatedTarget)) pay();
  });

  function open(item) {
    const saves = link.view.graded || item.type === "rating";
    let response = link.draft(item) ?? item.response ?? undefined;
    const changed = (value) => {
      response = value;
      link.setDraft(item, value);
      status.textContent = saves ? "Saving…" : "";
      if (!saves) return;
      clearTimeout(timer);
      owed = () => answered(value);
      timer = setTimeout(pay, item.type === "gap" ? 900 : 150);
    };
    const check = (confidence) => {
      const lacks = missing(item, response);
      if (lacks && response === undefined && item.type !== "ordering") return void (status.textContent = lacks);
      if (lacks && item.type !== "multiple" && status.textContent !== `${lacks} Press again to check anyway.`)
        return void (status.textContent = `${lacks} Press again to check anyway.`);
      if (lacks && item.type === "multiple") return void (status.textContent = lacks);
      status.textContent = "Checking…";
      answered(response ?? item.steps.map((step) => step.id), confidence);
    };
    return [
      h("fieldset", { className: `mapt-${item.type}` },
        h("legend", null, rich(item.stem)),
        item.type === "multiple" && h("p", { className: "mapt-quiet" }, "More than one fits."),
        answers[item.type](item, response, changed)),
      item.hint && h("p", { className: "mapt-hint" }, h("b", null, "Hint. "), rich(item.hint)),
      saves
        ? link.view.graded && item.type === "ordering" && item.response === null &&
          h("div", { className: "mapt-buttons" },
            h("button", { type: "button", "data-k": "keep", click: () => answered(response ?? item.steps.map((step) => step.id)) }, "Keep this order"))
        : h("div", { className: "mapt-buttons", role: "group", "aria-label": "Check my answer: how sure are you?" },
          h("span", null, "Check my answer. I am:"),
          SURE.map(([name, word]) => h("button", { type: "button", "data-k": name, click: () => check(name) }, word)),
          item.has_hint && !item.hint &&
            h("button", { type: "button", className: "mapt-plain", "data-k": "hint", click: () => send("hint") }, "Hint")),
      item.picture && picture(item.picture, item.scale),
      item.result && h("div", { className: "mapt-beside" }, outcome(item.result)),
      item.general_feedback && h("p", { className: "mapt-general" }, rich(item.general_feedback)),
    ];
  }

  function marked(item) {
    const mark = item.mark;
    const again = !mark.right;
    const verdict = mark.right ? "Right" : mark.score > 0 ? "Partly there" : "Not yet";
    return [
      h("p", { className: "mapt-stem", "data-focus": true, tabIndex: -1 }, rich(item.stem)),
      result(item),
      h("div", { className: `mapt-verdict mapt-${mark.right ? "right" : "notyet"}` },
        h("p", null, h("b", null, `${mark.right ? "✓" : "○"} ${verdict}. `),
          again && tally(item),
          rich(mark.general_feedback)),
        mark.misconception && h("p", null, rich(mark.misconception))),
      mark.key && !mark.right && key(mark.key),
      h("div", { className: "mapt-buttons" },
        again && h("button", { type: "button", "data-k": "retry", click: () => send("retry") }, "Try again"),
        again && !mark.key && h("button", { type: "button", className: "mapt-plain", "data-k": "reveal", click: () => send("reveal") }, "Show the answer")),
    ];
  }

  const draw = () => {
    const item = current();
    redraw(place, label && h("p", { className: "mapt-number" }, label),
      item.mark ? marked(item) : open(item), status);
  };
  draw();
  watch((change) => {
    const mine = change.mine?.item === id;
    if (mine && change.mine.do === "response") status.textContent = current().mark ? "" : "Saved";
    if (!(change.all || change.item === id)) return;
    // Not under the typing hand: the caret would jump. What is typed is in the draft.
    const typing = document.activeElement?.type === "text" && place.contains(document.activeElement);
    if (typing && !current().mark) return;
    draw();
  });
  return place;
}

/** How much of it is right, where it has several parts. */
function tally(item) {
  const right = item.mark.parts.filter((part) => part.right).length;
  if (item.type === "single") return "";
  if (item.type === "multiple") return `${right} of your ${item.mark.parts.length} ticks fit. `;
  const all = (item.lefts ?? item.cards ?? item.gaps ?? item.steps).length;
  return `${right} of ${all} ${item.type === "ordering" ? "are in their place" : "right"}. `;
}

function key(told) {
  return h("div", { className: "mapt-key" },
    h("p", null, h("b", null, "The answer")),
    h(told.ordered ? "ol" : "ul", null,
      told.lines.map((line) => h("li", null, rich(line.text),
        told.feedback[line.id] && h("p", { className: "mapt-feedback" }, rich(told.feedback[line.id]))))));
}

/** What was answered, with a mark in sign, word and colour, and the feedback that belongs to it. */
function result(item) {
  const parts = Object.fromEntries(item.mark.parts.map((part) => [part.id, part]));
  const row = (text, part, value) =>
    h("li", { className: part ? (part.right ? "mapt-right" : "mapt-wrong") : "" },
      h("span", { className: "mapt-sign", "aria-hidden": "true" }, part ? (part.right ? "✓" : "✗") : ""),
      h("div", null,
        h("p", null, rich(text), value !== undefined && [" → ", h("b", null, rich(value))],
          part && h("span", { className: "mapt-unseen" }, part.right ? " (right)" : " (not right)")),
        part?.feedback && h("p", { className: "mapt-feedback" }, rich(part.feedback))));
  const texts = (entries) => Object.fromEntries(entries.map((each) => [each.id, each.text]));
  const list = (rows) => h("ul", { className: "mapt-result" }, rows);
  if (item.options) return list(item.options.map((option) => row(option.text, parts[option.id])));
  if (item.steps) {
    const steps = texts(item.steps);
    return h("ol", { className: "mapt-result" }, item.response.map((id) => row(steps[id], parts[id])));
  }
  if (item.gaps)
    return list(item.gaps.map((gap) => row(gap.text, parts[gap.id] ?? { right: false }, item.response[gap.id] || "–")));
  const rights = texts(item.rights ?? item.categories);
  return list((item.lefts ?? item.cards).map((left) =>
    row(left.text, parts[left.id] ?? { right: false }, rights[item.response[left.id]] ?? "–")));
}

// Ways to answer, one function an item type: (item, response or draft, changed) -> nodes.
import { h, rich } from "./page.js";
import { ordering } from "./order.js";

function options(item, chosen, changed, kind) {
  const picked = new Set([chosen ?? []].flat());
  return item.options.map((option) =>
    h("label", { className: "mapt-option" },
      h("input", {
        type: kind,
        name: item.id,
        checked: picked.has(option.id),
        "data-k": option.id,
        change: (event) => {
          if (kind === "radio") return changed(option.id);
          picked[event.target.checked ? "add" : "delete"](option.id);
          changed([...picked]);
        },
      }),
      h("span", null, rich(option.text))));
}

function pairs(item, chosen, changed, lefts, rights, what) {
  const response = { ...chosen };
  // Two or three short names are quicker to press than to unfold.
  if (rights.length < 4 && rights.every((right) => right.text.length < 24))
    return lefts.map((left) => scale(item.id, left, rights.map((right) => [right.id, right.text]), response, changed));
  const long = rights.some((right) => right.text.length > 28);
  const letter = (n) => (long ? `${String.fromCharCode(65 + n)}` : "");
  return [
    long && h("ul", { className: "mapt-letters" },
      rights.map((right, n) => h("li", null, h("b", null, letter(n)), h("span", null, rich(right.text))))),
    h("div", { className: "mapt-pairs" },
      lefts.map((left) =>
        h("label", { className: "mapt-pair" },
          h("span", null, rich(left.text)),
          h("select", {
            "data-k": left.id,
            change: (event) => {
              if (event.target.value) response[left.id] = event.target.value;
              else delete response[left.id];
              changed({ ...response });
            },
          },
            h("option", { value: "" }, what),
            rights.map((right, n) =>
              h("option", { value: right.id, selected: response[left.id] === right.id },
                long ? `${letter(n)}: ${short(right.text)}` : right.text)))))),
  ];
}

const short = (text) => (text.length > 20 ? `${text.slice(0, 18).trimEnd()}…` : text);

function gap(item, chosen, changed) {
  const typed = { ...chosen };
  const parts = item.text.split(/\{([^{}]+)\}/);
  return h("p", { className: "mapt-gaps" },
    parts.map((part, n) => {
      if (n % 2 === 0) return rich(part);
      const { text } = item.gaps.find((each) => each.id === part);
      const alike = item.gaps.filter((each) => each.text === text);
      const label = alike.length > 1 ? `${text} ${alike.findIndex((each) => each.id === part) + 1}` : text;
      return h("input", {
        type: "text",
        value: typed[part] ?? "",
        maxLength: 500,
        autocomplete: "off",
        spellcheck: false,
        "aria-label": label,
        placeholder: label,
        size: Math.max(14, label.length + 2),
        "data-k": part,
        input: (event) => {
          typed[part] = event.target.value;
          changed({ ...typed });
        },
      });
    }));
}

/** One thing and a row of words to choose from; `words`: [value, word] pairs. */
function scale(name, entry, words, response, changed) {
  return h("fieldset", { className: "mapt-statement" },
    h("legend", null, rich(entry.text)),
    h("div", { className: "mapt-scale" },
      words.map(([value, word]) =>
        h("label", null,
          h("input", {
            type: "radio",
            name: `${name} ${entry.id}`,
            checked: response[entry.id] === value,
            "data-k": `${entry.id} ${value}`,
            change: () => {
              response[entry.id] = value;
              changed({ ...response });
            },
          }),
          h("span", null, word)))));
}

function rating(item, chosen, changed) {
  const response = { ...chosen };
  const words = item.scale.map((word, n) => [n + 1, word]);
  return item.statements.map((statement) => scale(item.id, statement, words, response, changed));
}

export const answers = {
  single: (item, chosen, changed) => options(item, chosen, changed, "radio"),
  multiple: (item, chosen, changed) => options(item, chosen, changed, "checkbox"),
  matching: (item, chosen, changed) =>
    pairs(item, chosen, changed, item.lefts, item.rights, "Choose"),
  categorising: (item, chosen, changed) =>
    pairs(item, chosen, changed, item.cards, item.categories, "Sort"),
  ordering,
  gap,
  rating,
};

/** What is missing before a response can be checked, or "" where nothing is. */
export function missing(item, response) {
  const none = response === undefined || response === null;
  if (item.type === "single") return none ? "Choose one first." : "";
  if (item.type === "multiple") return none || !response.length ? "Tick at least one first." : "";
  if (item.type === "ordering") return "";
  const asked = item.lefts ?? item.cards ?? item.gaps ?? item.statements;
  const open = asked.filter((each) => !String(response?.[each.id] ?? "").trim()).length;
  if (!open) return "";
  return open === asked.length ? "Fill in your answer first." : `${open} of ${asked.length} still to fill in.`;
}

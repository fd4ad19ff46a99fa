// A picture of a trainee's own answers: a row for each statement, a place for each word of the scale.
import { h } from "./page.js";

const MARKS = ["○", "△", "□"]; // of earlier answers, in their order; shape and words, never colour alone
const NOW = "●";

/** `told`: title, series (labels, the present one last), rows (text, values from 1 on or null). */
export function picture(told, scale) {
  const marks = [...MARKS.slice(0, told.series.length - 1), NOW];
  const lowest = Math.min(...told.rows.map((row) => row.values.at(-1)));
  const several = told.rows.some((row) => row.values.at(-1) > lowest);
  return h("figure", { className: "mapt-picture-own" },
    h("figcaption", null, h("b", null, told.title),
      told.series.length > 1 &&
        told.series.map((label, n) => h("span", null, `${marks[n]} ${label}`))),
    h("ul", null, told.rows.map((row) => {
      const now = row.values.at(-1);
      const low = told.series.length === 1 && several && now === lowest;
      return h("li", { className: low ? "mapt-low" : "" },
        h("p", null, row.text, h("span", { className: "mapt-unseen" }, ` ${spoken(told, row, scale)}`)),
        h("div", { className: "mapt-track", "aria-hidden": "true" },
          scale.map((word, n) => {
            const here = row.values.map((value, k) => (value === n + 1 ? marks[k] : "")).join("");
            const filled = told.series.length === 1 && n < now;
            return h("span", { className: `${filled ? "mapt-filled" : ""}`, title: word }, here);
          })),
        h("p", { className: "mapt-quiet", "aria-hidden": "true" }, scale[now - 1], low && " · look here first"));
    })));
}

function spoken(told, row, scale) {
  return told.series
    .map((label, n) => (row.values[n] ? `${label}: ${scale[row.values[n] - 1]}.` : ""))
    .join(" ");
}

/** The picture of a form's entries, as far as there are any. `values`: by the cell's id. */
export function entered(form, values) {
  const { kind, of, title } = form.picture;
  const field = form.parts.flatMap((part) => part.fields).find((each) => each.id === of);
  if (!kind || !field) return [];
  const rows = field.rows.map((label, n) => ({
    label,
    number: n + 1,
    cells: field.columns.map((column) => ({ column, value: values[`${of}.${n + 1}.${column.id}`]?.trim() ?? "" })),
  }));
  const drawn = drawings[kind](rows.filter((row) => row.cells[0].value), rows);
  return drawn.length ? [h("figure", { className: "mapt-picture-own" }, h("figcaption", null, h("b", null, title)), drawn)] : [];
}

const drawings = {
  /** The first column is a block's name, the second what it carries. */
  blocks: (rows, all) =>
    rows.length
      ? [h("ul", { className: "mapt-blocks" },
          all.map(({ number, cells: [name, carries] }) =>
            h("li", { className: name.value ? "" : "mapt-open" },
              h("b", null, `${number}`), " ", name.value || "still open",
              carries?.value && h("span", { className: "mapt-quiet" }, carries.value))))]
      : [],

  /** The first column is a statement, the second where it lies: its last option is outside. */
  circle: (rows) => {
    if (!rows.length) return [];
    const outside = ({ cells: [, place] }) => place.value && place.value === place.column.options.at(-1).id;
    const list = (head, some) =>
      some.length > 0 && [h("p", null, h("b", null, head)), h("ol", null, some.map((row) => h("li", { value: row.number }, row.cells[0].value)))];
    const inner = rows.filter((row) => !outside(row));
    const outer = rows.filter(outside);
    return [circles(inner, outer), list("Inside", inner), list("Moved outward", outer)];
  },

  /** The first column is a step of a scale; the lowest are looked at first. */
  levels: (rows) => {
    const step = ({ cells: [{ column, value }] }) => column.options.findIndex((option) => option.id === value);
    const lowest = Math.min(...rows.map(step));
    const several = rows.some((row) => step(row) > lowest);
    return rows.length
      ? [h("ul", null, rows.map((row) => {
          const { options } = row.cells[0].column;
          const low = several && step(row) === lowest;
          return h("li", { className: low ? "mapt-low" : "" },
            h("p", null, row.label, h("span", { className: "mapt-unseen" }, `: ${options[step(row)].text}`)),
            h("div", { className: "mapt-track", "aria-hidden": "true" },
              options.map((option, n) => h("span", { className: n <= step(row) ? "mapt-filled" : "", title: option.text }, n === step(row) ? `${n + 1}` : ""))),
            h("p", { className: "mapt-quiet", "aria-hidden": "true" }, options[step(row)].text, low && " · look here first"));
        }))]
      : [];
  },
};

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Two circles with the numbers of the statements in them; the list below says the same in words. */
function circles(inner, outer) {
  const on = (rows, radius, turn, kind) =>
    rows.flatMap((row, n) => {
      const angle = (2 * Math.PI * (n + turn)) / Math.max(rows.length, 3);
      const at = rows.length === 1 && kind === "mapt-in" ? [160, 160] : [160 + radius * Math.sin(angle), 160 - radius * Math.cos(angle)];
      return [
        svg("circle", { cx: at[0], cy: at[1], r: 16, class: kind }),
        svg("text", { x: at[0], y: at[1] + 5, "text-anchor": "middle", class: kind }, `${row.number}`),
      ];
    });
  return svg("svg", { viewBox: "0 0 320 320", class: "mapt-circles", "aria-hidden": "true" },
    svg("circle", { cx: 160, cy: 160, r: 157, class: "mapt-ring mapt-ring-out" }),
    svg("circle", { cx: 160, cy: 160, r: 98, class: "mapt-ring" }),
    ...on(inner, 66, 0, "mapt-in"), ...on(outer, 128, 0.5, "mapt-out"));
}

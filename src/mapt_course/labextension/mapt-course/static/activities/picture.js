// A picture of a trainee's own answers: a row for each statement, a place for each word of the scale.
import { h } from "./page.js";

const MARKS = ["○", "△", "●"]; // the present one last; shape and words, never colour alone

/** `told`: title, series (labels, the present one last), rows (text, values from 1 on or null). */
export function picture(told, scale) {
  const marks = MARKS.slice(-told.series.length);
  const lowest = Math.min(...told.rows.map((row) => row.values.at(-1)));
  const several = told.rows.some((row) => row.values.at(-1) > lowest);
  return h("figure", { className: "mapt-picture-own" },
    h("figcaption", null, h("b", null, told.title),
      told.series.length > 1 &&
        h("span", null, told.series.map((label, n) => `${marks[n]} ${label}`).join("   "))),
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

// Start here: the course map with what is done, what is next and how long it takes.
import { h, redraw } from "./page.js";

const hours = (minutes) =>
  minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 30) / 2} hours`.replace(".5", "½");

function link_to(entry, className, text) {
  return h("a", {
    href: entry.href,
    className,
    click: (event) => {
      // Within JupyterLab a lesson opens at once; elsewhere the link is an ordinary one.
      if (event.ctrlKey || event.metaKey || !globalThis.maptCourse?.open(entry.href)) return;
      event.preventDefault();
    },
  }, text ?? entry.title);
}

export function home(link, watch) {
  const place = h("div", { className: "mapt-home" });
  const draw = () => {
    const map = link.view.map;
    redraw(place,
      h("div", { className: "mapt-next" },
        map.again && [
          h("p", null, `It is ${map.again.weeks} weeks or more since the end of the course`),
          link_to(map.again, "mapt-go", `${map.again.title} · ${map.again.minutes} minutes`)],
        map.next
          ? [h("p", null, map.done ? "Next for you" : "Begin here"),
             link_to(map.next, "mapt-go", `${map.next.title} · ${map.next.minutes} minutes`)]
          : !map.again && h("p", null, "You have done everything that is here so far."),
        h("p", { className: "mapt-quiet" },
          `${map.done} of ${map.of} activities done`,
          map.minutes_left ? `, about ${hours(map.minutes_left)} left in the lessons that are here` : ""),
        bar(map.done, map.of)),
      h("ol", { className: "mapt-map" },
        map.modules.map((module, n) => {
          const entries = [...module.lessons, ...module.graded];
          return h("li", { className: entries.length ? "" : "mapt-later" },
            h("div", { className: "mapt-head" },
              h("b", { "aria-hidden": "true" }, n),
              h("div", null, h("h2", null, module.title), h("p", null, module.question)),
              h("span", null, entries.length ? hours(module.minutes) : "in preparation")),
            entries.length > 0 &&
              h("ul", null, entries.map((entry) =>
                h("li", null,
                  h("span", { className: "mapt-sign", "aria-hidden": "true" }, sign(entry)),
                  link_to(entry),
                  h("span", { className: "mapt-quiet" }, told(entry))))));
        })),
      h("p", { className: "mapt-quiet" }, map.limits));
  };
  draw();
  watch((change) => change.all && draw());
  return place;
}

const done = (entry) => ("handed_in" in entry ? entry.handed_in > 0 : entry.done >= entry.of);
const sign = (entry) => (done(entry) ? "✓" : entry.done ? "◐" : "○");

function told(entry) {
  if ("handed_in" in entry) {
    if (entry.handed_in) return "handed in";
    return entry.done ? `${entry.done} of ${entry.of} filled in, not handed in` : `${entry.minutes} minutes`;
  }
  if (done(entry)) return "done";
  if (entry.weeks && !entry.done) return `${entry.minutes} minutes, ${entry.weeks} weeks after the course`;
  const left = entry.done ? `${entry.done} of ${entry.of} done, ` : "";
  return `${left}${entry.minutes} minutes${left ? " left" : ""}`;
}

function bar(done, of) {
  return h("progress", { max: of || 1, value: done, "aria-label": `${done} of ${of} activities done` });
}

// A branching scene: what has passed, where you are, what you can do.
import { h, redraw, rich } from "./page.js";

export function scenario(link, watch) {
  const place = h("div", { className: "mapt-item mapt-scene" });
  const id = link.view.items[0].id;
  const draw = () => {
    const item = link.view.items[0];
    let sent = false; // a second press must not make a second choice of the same moment
    const choose = (choice) => {
      if (sent) return;
      sent = true;
      for (const button of place.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
      link.send({ do: "response", item: id, response: [...(item.response ?? []), choice] });
    };
    redraw(place,
      h("p", { className: "mapt-stem" }, rich(item.stem)),
      item.passed.map((step, n) =>
        h("div", { className: "mapt-passed" },
          h("p", null, rich(step.text)),
          h("p", { className: "mapt-chosen" }, h("b", null, `Your choice ${n + 1}: `), rich(step.chosen)),
          h("p", { className: "mapt-feedback" }, rich(step.feedback)))),
      h("div", { className: "mapt-now", "data-focus": true, tabIndex: -1, "data-k": `now ${item.passed.length}` },
        h("p", null, rich(item.now.text)),
        item.now.ask && h("p", null, h("b", null, rich(item.now.ask))),
        item.now.choices.length > 0 &&
          h("div", { className: "mapt-choices" },
            item.now.choices.map((choice) =>
              h("button", { type: "button", "data-k": choice.id, click: () => choose(choice.id) }, rich(choice.text))))),
      item.mark &&
        h("div", { className: `mapt-verdict mapt-${item.mark.right ? "right" : "notyet"}` },
          h("p", null, h("b", null, verdict(item.mark)), " ", rich(item.mark.general_feedback))),
      item.passed.length > 0 &&
        h("div", { className: "mapt-buttons" },
          h("button", { type: "button", className: "mapt-plain", "data-k": "retry",
            click: () => link.send({ do: "retry", item: id }) },
            item.mark ? "Take another way" : "Start again")),
      h("p", { className: "mapt-danger" }, link.view.danger_exit));
  };
  draw();
  watch((change) => (change.all || change.item === id) && draw());
  return place;
}

function verdict(mark) {
  if (mark.right) return "✓ A good way through.";
  return mark.share >= 0.5 ? "○ Partly there." : "○ Not yet.";
}

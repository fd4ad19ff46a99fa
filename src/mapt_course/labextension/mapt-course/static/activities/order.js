// Putting steps in order: two buttons a step; dragging is an extra.
import { h, rich } from "./page.js";

export function ordering(item, chosen, changed) {
  const order = chosen?.length ? [...chosen] : item.steps.map((step) => step.id);
  const texts = Object.fromEntries(item.steps.map((step) => [step.id, step.text]));
  const list = h("ol", { className: "mapt-order" });
  const said = h("p", { className: "mapt-unseen", "aria-live": "polite" });
  let dragged = null;

  const move = (from, to, focus) => {
    if (to < 0 || to >= order.length || from === to) return;
    const [step] = order.splice(from, 1);
    order.splice(to, 0, step);
    draw();
    said.textContent = `${texts[step]}: now ${to + 1} of ${order.length}`;
    if (focus) {
      const button = list.querySelector(`[data-k="${CSS.escape(`${focus} ${step}`)}"]`);
      const other = list.children[to].querySelector("button:not([disabled])");
      (button?.disabled ? other : button)?.focus();
    }
    changed([...order]);
  };

  const draw = () =>
    list.replaceChildren(...order.map((step, n) =>
      h("li", {
        draggable: true,
        dragstart: (event) => {
          dragged = n;
          event.dataTransfer.effectAllowed = "move";
          event.dataTransfer.setData("text/plain", texts[step]);
          event.stopPropagation();
        },
        dragover: (event) => event.preventDefault(),
        drop: (event) => {
          event.preventDefault();
          event.stopPropagation();
          if (dragged !== null) move(dragged, n);
          dragged = null;
        },
      },
        h("b", null, n + 1),
        h("span", null, rich(texts[step])),
        ["up", "down"].map((way) =>
          h("button", {
            type: "button",
            disabled: way === "up" ? n === 0 : n === order.length - 1,
            "aria-label": `Move ${way}: ${texts[step]}`,
            "data-k": `${way} ${step}`,
            click: () => move(n, way === "up" ? n - 1 : n + 1, way),
          }, way === "up" ? "↑" : "↓")))));

  draw();
  return [list, said];
}

// The buttons that make a trainee's portfolio and certificate, and links to what they made.
import { fileLink, h, pressed, redraw } from "./page.js";

const BUTTONS = { portfolio: "Make my portfolio", certificate: "Make my certificate" };

export function papers(link, watch) {
  const place = h("div", { className: "mapt-item mapt-handin" });
  let busy = ""; // the kind that is being made
  let typed = link.view.who;

  const make = (kind) => {
    busy = kind;
    draw();
    link.send({ do: "papers", item: kind, text: typed });
  };
  const draw = () => {
    const told = link.view;
    redraw(place,
      h("h2", { tabIndex: -1, "data-focus": true }, "Your portfolio and certificate"),
      h("p", null, "The portfolio is a Word document of what you wrote, rated and filled in. The certificate says what you did. Make them whenever you like, and again later."),
      h("div", { className: "mapt-field" },
        h("label", { htmlFor: "mapt-paper-name" }, "Your name, as it is to be printed"),
        h("input", { id: "mapt-paper-name", type: "text", value: typed, "data-k": "name", autocomplete: "off", dir: "auto",
          input: (event) => (typed = event.target.value) })),
      h("div", { className: "mapt-buttons" },
        Object.entries(BUTTONS).map(([kind, text]) =>
          h("button", { "data-k": kind, ...pressed(busy, () => make(kind)) }, text)),
        h("span", { role: "status" }, busy ? `Making your ${busy} …` : "")),
      Object.keys(told.files).length > 0 && h("div", { className: "mapt-key" },
        told.files.portfolio && h("p", null, h("b", null, "Your portfolio: "), fileLink("portfolio", told.files.portfolio[0])),
        told.files.certificate && h("p", null, h("b", null, "Your certificate: "), fileLink("portfolio", told.files.certificate[0]),
          ", or to print: ", fileLink("portfolio", told.files.certificate[1], false)),
        h("p", { className: "mapt-quiet" }, `What you made lies in ${told.folder}.`)));
  };
  draw();
  watch((change) => {
    if (change.mine?.do === "papers" || link.error || link.late) busy = "";
    draw();
  });
  return place;
}

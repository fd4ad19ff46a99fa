// The button that hands work in: it says what is missing first, and gives a receipt.
import { fileLink, h, pressed, redraw } from "./page.js";

export function handIn(link, watch) {
  const place = h("div", { className: "mapt-item mapt-handin" });
  let asking = false; // whether the trainee has pressed once and is told what is missing
  let looking = false; // pressed, and the helper says what is missing by now
  let busy = false;
  let typed = link.view.who;

  const send = () => {
    busy = true;
    asking = false;
    draw();
    link.send({ do: "hand_in", item: link.view.id, text: typed });
  };
  // What this page was told on opening is old: the questions were answered since then.
  const press = () => {
    if (looking) return;
    looking = true;
    link.send({ do: "look", item: link.view.id });
  };
  const looked = () => {
    looking = false;
    if (!link.view.missing.length) return send();
    asking = true;
    draw();
    place.querySelector("[data-k=anyway]").focus();
  };

  const draw = () => {
    const told = link.view;
    const again = told.receipts.length > 0;
    const open = told.changed && told.left > 0;
    redraw(place,
      h("h3", { tabIndex: -1, "data-focus": true }, "Hand in"),
      told.receipts.map((receipt) => note(receipt, told)),
      told.files.length > 0 && files(told),
      again && told.left > 0 && h("p", { className: "mapt-quiet" },
        open ? "You have changed something since then. You may hand it in once more; the better of the two counts." : "If you change something, you may hand it in once more. The better of the two counts."),
      again && told.left <= 0 && told.changed && h("p", { className: "mapt-quiet" },
        "You have handed it in twice. What you changed since then does not count."),
      (!again || open || told.files.length === 0) && h("div", { className: "mapt-field" },
        h("label", { htmlFor: "mapt-who" }, "Your name or number, as your trainer has it"),
        h("input", { id: "mapt-who", type: "text", value: typed, "data-k": "who", autocomplete: "off",
          input: (event) => (typed = event.target.value) })),
      asking && h("div", { className: "mapt-verdict mapt-notyet" },
        h("p", null, h("b", null, "Before you hand in:")),
        h("ul", null, told.missing.map((line) => h("li", null, line)))),
      h("div", { className: "mapt-buttons" },
        asking
          ? [h("button", { type: "button", "data-k": "anyway", click: send }, "Hand in all the same"),
             h("button", { type: "button", className: "mapt-plain", "data-k": "back", click: () => { asking = false; draw(); } }, "Go back")]
          : (!again || open)
            ? h("button", { "data-k": "hand", ...pressed(busy, press) }, again ? "Hand in again" : "Hand in")
            : told.files.length === 0 && h("button", { className: "mapt-plain", "data-k": "hand", ...pressed(busy, send) }, "Make the file again"),
        h("span", { role: "status" }, busy ? "Handing in …" : "")));
  };
  draw();
  watch((change) => {
    if (change.mine?.do === "hand_in") busy = false;
    if (link.error || link.late) busy = looking = false;
    draw();
    if (looking && change.mine?.do === "look") looked();
  });
  return place;
}

const when = (at) =>
  new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" });

function note(receipt, told) {
  const twice = told.receipts.length > 1 ? (receipt.number === 1 ? " (first time)" : " (second time)") : "";
  return h("div", { className: "mapt-verdict" },
    h("p", null, h("b", null, `Handed in on ${when(receipt.at)}${twice}`), ` as ${receipt.who}.`),
    h("p", null, "Receipt: ", h("code", null, receipt.code)));
}

/** Where the files are, and links to them where this page knows its own address. */
function files(told) {
  const [zip, text] = told.files;
  if (told.exchange) return h("p", null, "It is with your trainer. You need not send anything.");
  const link = (name) => fileLink("handed-in", name);
  return h("div", { className: "mapt-key" },
    h("p", null, h("b", null, "Now send this file to your trainer, or upload it: "), link(zip)),
    h("p", { className: "mapt-quiet" }, "If your learning platform takes no zip, use ", link(text), " instead."),
    h("p", { className: "mapt-quiet" }, `Both lie in ${told.folder}.`));
}

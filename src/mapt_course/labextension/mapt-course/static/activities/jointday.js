// The facilitator's page: the day's plan, the room's doors, and what is going on in it.
import { fileLink, h, redraw } from "./page.js";

const SERVER = "mapt-room/"; // of the Jupyter server: room/jupyter.py

function address(path) {
  const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  return new URL(`${baseUrl}${SERVER}${path}`, location.href).href;
}

/** Ask the Jupyter server; what it refuses is an Error with a sentence for people. */
async function ask(path, given) {
  const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie);
  const headers = { "Content-Type": "application/json", "X-Mapt": "1" };
  if (xsrf) headers["X-XSRFToken"] = decodeURIComponent(xsrf[1]);
  let answer;
  try {
    answer = await fetch(address(path), given ? { method: "POST", headers, body: JSON.stringify(given) } : {});
  } catch {
    throw new Error("The connection to the course is gone. Is its window still open on this computer?");
  }
  if (answer.status === 404) throw new Error("The room can be opened in JupyterLab as “mapt start” opens it. Elsewhere, use the command “mapt room”.");
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.why ?? "That did not work. Reload this page and try again.");
  return told;
}

export function jointDay(link) {
  const doors = h("div", { className: "mapt-item mapt-room" });
  const live = h("div", { className: "mapt-room-live" });
  const state = { told: null, busy: "", wrong: "", chosen: "", made: null, sure: "" };
  let talk = null;

  const run = (what, path, given, then) => async () => {
    Object.assign(state, { busy: what, wrong: "", sure: "" });
    draw();
    try {
      const told = await ask(path, given());
      then?.(told);
      state.told = await ask("state");
    } catch (error) {
      state.wrong = error.message;
    }
    state.busy = "";
    draw();
    void follow();
  };
  const open = run("Opening the room …", "open", () => ({ address: state.chosen }));
  const stop = run("Closing the doors …", "stop", () => ({}));
  const report = run("Making the agreement, the record and the pictures …", "report", () => ({}), (told) => (state.made = told));
  const forget = run("Deleting …", "forget", () => ({}), () => (state.made = null));

  /** What is going on, drawn by the room's own script and fed by this server. */
  async function follow() {
    if (!state.told?.open) {
      talk?.stop();
      talk = null;
      live.replaceChildren();
      return;
    }
    if (talk) return;
    const [{ Talk }, { mount }] = await Promise.all([import(address("talk.js")), import(address("lead.js"))]);
    const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie);
    talk = new Talk({ as: "lead", base: address(""), sockets: false, headers: xsrf ? { "X-XSRFToken": decodeURIComponent(xsrf[1]) } : {} });
    mount(live, talk);
  }

  const draw = () => redraw(doors, ...shown());
  function shown() {
    const { told, busy, wrong } = state;
    const head = h("h2", { tabIndex: -1, "data-focus": true }, "The room");
    const line = h("p", { role: "status", className: "mapt-quiet" }, busy);
    const trouble = wrong && h("p", { role: "alert", className: "mapt-error" }, wrong);
    if (!told) return [head, trouble || h("p", { role: "status" }, "Looking for the room …")];
    const off = Boolean(busy);
    if (!told.open)
      return [head, trouble,
        h("p", null, "Choose the address under which the phones can reach this computer. It is the one of the Wi-Fi that the phones are in."),
        h("div", { className: "mapt-field" },
          h("label", { htmlFor: "mapt-room-address" }, "Address"),
          h("select", { id: "mapt-room-address", "data-k": "address", change: (event) => (state.chosen = event.target.value) },
            told.addresses.map(({ address, text }) => h("option", { value: address, selected: address === state.chosen }, text)))),
        h("div", { className: "mapt-buttons" },
          h("button", { type: "button", "data-k": "open", disabled: off, click: open }, told.before ? "Open the room again" : "Open the room"), line),
        told.before && ending()];
    const { door } = told;
    return [head, trouble,
      h("div", { className: "mapt-door" },
        h("img", { alt: `QR code that opens ${door.address}`, src: door.qr }),
        h("div", null,
          h("p", null, "People open ", h("b", null, door.address), " and type the code"),
          h("p", { className: "mapt-code" }, door.code),
          h("p", null,
            h("a", { href: told.wall, target: "_blank", rel: "noopener" }, "Open the wall"), " for the projector, or ",
            h("a", { href: told.lead, target: "_blank", rel: "noopener" }, "open the controls in a page of their own"), ". Below you have them, too."))),
      h("div", { className: "mapt-buttons" },
        h("button", { type: "button", "data-k": "stop", disabled: off, click: stop }, "Close the doors"), line),
      ending()];
  }

  const ending = () => [
    h("h3", null, "At the end of the day"),
    h("div", { className: "mapt-buttons" },
      h("button", { type: "button", "data-k": "report", disabled: Boolean(state.busy), click: report }, "Make the agreement and the record"),
      state.sure !== "forget" && h("button", { type: "button", "data-k": "forget", disabled: Boolean(state.busy),
        click: () => { state.sure = "forget"; draw(); } }, "Delete all of this day")),
    state.sure === "forget" && h("div", { role: "alert" },
      h("p", null, "All that people gave today is deleted from this computer. Files that you made stay. This cannot be undone."),
      h("div", { className: "mapt-buttons" },
        h("button", { type: "button", "data-k": "sure", click: forget }, "Yes, delete it"),
        h("button", { type: "button", "data-k": "not-sure", click: () => { state.sure = ""; draw(); } }, "No, keep it"))),
    state.made && h("div", { className: "mapt-key" },
      h("ul", null, state.made.files.map((name) => h("li", null, fileLink(state.made.folder, name)))),
      h("p", { className: "mapt-quiet" }, `They lie in ${state.made.place}.`)),
  ];

  const plan = h("details", { className: "mapt-plan" },
    h("summary", null, "The plan of the day: times, what to say, what to ask"),
    link.view.plan.map((stage, n) =>
      h("section", { "aria-label": stage.title },
        h("h3", null, `${n + 1}. ${stage.title}`),
        h("p", { className: "mapt-quiet" }, `${stage.at}, ${stage.minutes} minutes`),
        h("p", null, h("b", null, "All see: "), stage.shows),
        h("p", null, h("b", null, "Say and do")),
        h("ul", null, stage.says.map((text) => h("li", null, text))),
        stage.prompts?.length > 0 && [h("p", null, h("b", null, "Ask")), h("ul", null, stage.prompts.map((text) => h("li", null, text)))])));

  draw();
  void ask("state").then((told) => {
    state.told = told;
    state.chosen = told.addresses?.[0]?.address ?? "";
  }, (error) => {
    state.wrong = error.message;
  }).then(() => { draw(); return follow(); });
  return [doors, live, plan];
}

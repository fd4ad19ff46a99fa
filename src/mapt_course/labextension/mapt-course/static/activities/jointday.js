// The facilitator's page: the day's plan, the room's doors, and what is going on in it.
import { fileLink, h, pressed, redraw } from "./page.js";

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
  const doors = h("div", { className: "mapt-item" });
  const live = h("div", { className: "mapt-room mapt-room-live" });
  const state = { told: null, busy: "", wrong: "", chosen: "", sure: "" };
  let end = () => {}; // of the talk with the room

  const run = (what, path, given) => async () => {
    Object.assign(state, { busy: what, wrong: "", sure: "" });
    draw();
    try {
      state.told = await ask(path, given());
    } catch (error) {
      state.wrong = error.message;
    }
    state.busy = "";
    draw();
    void follow();
  };
  const open = run("Opening the room …", "open", () => ({ address: state.chosen }));
  const stop = run("Closing the doors …", "stop", () => ({}));
  const report = run("Making the agreement, the record and the pictures …", "report", () => ({}));
  const forget = run("Deleting …", "forget", () => ({}));

  /** What is going on, drawn by the room's own script and fed by this server. */
  async function follow() {
    if (!state.told?.open) {
      end();
      live.replaceChildren();
      return;
    }
    if (live.firstChild) return;
    live.append(h("p", null, "Opening the controls …"));
    const [{ connect }, { mount }] = await Promise.all([import(address("talk.js")), import(address("lead.js"))]);
    if (!document.getElementById("mapt-room-style"))
      document.head.append(...["room", "screens"].map((name) => h("link", { id: `mapt-${name}-style`, rel: "stylesheet", href: address(`${name}.css`) })));
    const talk = connect("lead");
    const unmount = mount(live, talk, "h2");
    const watching = talk.on((keys) => {
      // Closed for good: the server is making the day's papers by itself.
      if (keys.has("at") && talk.parts.at?.closed) void look();
    });
    end = () => {
      watching();
      unmount();
      talk.end();
      end = () => {};
    };
  }

  /** Look again until the papers that follow a closed room are there. */
  async function look() {
    const told = await ask("state").catch(() => null);
    if (!told) return;
    state.told = told;
    state.busy = told.making ? "Making the agreement, the record and the pictures …" : "";
    draw();
    if (told.making) setTimeout(look, 1000);
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
          h("input", { id: "mapt-room-address", type: "text", value: state.chosen, "data-k": "address", autocomplete: "off",
            input: (event) => (state.chosen = event.target.value.trim()) }),
          h("p", { className: "mapt-quiet" }, "This computer's own: ", told.addresses.map(({ text }) => text).join(", "))),
        h("div", { className: "mapt-buttons" },
          h("button", { "data-k": "open", ...pressed(off, open) }, told.before ? (told.before.closed ? "Open a new room" : "Open the room again") : "Open the room"), line),
        told.before && ending()];
    const { door } = told;
    return [head, trouble,
      h("p", null, "The room is open at ", h("b", null, door.address), ", with the letters ", h("b", null, door.code), "."),
      h("p", null,
        h("a", { href: door.wall, target: "_blank", rel: "noopener" }, "Open the wall"), " and put it on the projector. The controls are below; you can also ",
        h("a", { href: told.lead, target: "_blank", rel: "noopener" }, "open them in a page of their own"), "."),
      h("div", { className: "mapt-buttons" },
        h("button", { "data-k": "stop", ...pressed(off, stop) }, "Close the doors"), line),
      ending()];
  }

  const ending = () => [
    h("h3", null, "At the end of the day"),
    state.told.before && h("p", null, "Kept on this computer: ",
      new Date(state.told.before.day).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" }), "."),
    h("div", { className: "mapt-buttons" },
      h("button", { "data-k": "report", ...pressed(Boolean(state.busy), report) }, "Make the agreement and the record"),
      state.sure !== "forget" && h("button", { "data-k": "forget",
        ...pressed(Boolean(state.busy), () => { state.sure = "forget"; draw(); }) }, "Delete all of this day")),
    state.sure === "forget" && h("div", { role: "alert" },
      h("p", null, "All that people gave today is deleted from this computer. Files that you made stay. This cannot be undone."),
      h("div", { className: "mapt-buttons" },
        h("button", { type: "button", "data-k": "sure", click: forget }, "Yes, delete it"),
        h("button", { type: "button", "data-k": "not-sure", click: () => { state.sure = ""; draw(); } }, "No, keep it"))),
    state.told.made && h("div", { className: "mapt-key" },
      h("ul", { className: "mapt-files" }, state.told.made.files.map((name) => h("li", null, fileLink(state.told.made.folder, name)))),
      h("p", { className: "mapt-quiet" }, `They lie in ${state.told.made.place}.`)),
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

// The facilitator's two pages: come in by the key of the link, then show the controls or the wall.
import { fill, h } from "./dom.js";
import * as lead from "./lead.js";
import { connect, post } from "./talk.js";
import * as wall from "./wall.js";

const as = document.body.dataset.as;
const page = document.querySelector("main");
const key = location.hash.slice(1); // a fragment never reaches a log; here it leaves the address too

function tell(text) {
  fill(page, h("h1", null, "The joint day"), h("p", { role: "status" }, text));
}

const OTHER = "This page is the facilitator's. Open it by the link that the room gave when it started.";

function open() {
  const talk = connect(as);
  fill(page);
  const leave = (as === "lead" ? lead : wall).mount(page, talk);
  const end = talk.on(() => {
    if (talk.net !== "out") return;
    end();
    leave();
    tell(OTHER);
  });
}

if (key) {
  history.replaceState(null, "", location.pathname);
  post("enter", { key })
    .then((got) => (got.ok ? open() : got.status === 429 ? got.json().then((told) => tell(told.why)) : tell(OTHER)))
    .catch(() => tell("The room does not answer. Is it running? Then open the link again."));
} else open();

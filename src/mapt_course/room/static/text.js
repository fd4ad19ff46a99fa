// A text that all write together. Only what the writer has seen is written over: where two wrote
// at once both versions stay, and whoever sees them can join them.
import { button, fill, grow, h, id, say } from "./dom.js";
import { standing } from "./draw.js";
import { keep, PAUSE } from "./saved.js";

/** An editor of one place. ``may``: whether this page may write there. */
export function shared(ask, place, talk, label) {
  const name = id();
  const field = h("textarea", { id: name, rows: 2, maxlength: ask.longest, oninput: typed, onblur: left });
  const status = h("p", { class: "status", role: "status" });
  const others = h("div", { class: "versions", "aria-live": "polite" });
  const node = h("div", { class: "field" }, h("label", { for: name, class: label === ask.text ? "mapt-unseen" : "" }, label), field, status, others);
  const written = []; // versions that this page wrote over
  let base = []; // versions that the field stands for
  let seen = true; // whether the room has shown them
  let sent = ""; // the field's text as it was last taken from or given to the room
  let timer = 0;
  let told = ""; // what ``others`` shows

  const queued = talk.pending().filter((one) => one.op === "write" && one.args.place === place.id).pop();
  if (queued) {
    field.value = sent = queued.args.text;
    base = [talk.me + "." + queued.id];
    seen = false;
    written.push(...queued.args.over);
  }

  function typed() {
    clearTimeout(timer);
    say(status, "");
    grow(field);
    timer = setTimeout(save, PAUSE);
  }

  function left() {
    save();
    update();
  }

  function save() {
    clearTimeout(timer);
    if (field.value === sent) return;
    const before = base, text = sent;
    sent = field.value;
    written.push(...before);
    [base, seen] = [[], false]; // until the operation has its id
    const doing = talk.do("write", { place: place.id, text: sent, over: before });
    base = [talk.me + "." + doing.id];
    seen = !sent; // an empty text leaves no version
    keep(talk, status, doing).then((why) => {
      if (!why) return update();
      // What was typed stays in the field, and the next save tries again.
      if (base[0] === talk.me + "." + doing.id) [base, sent, seen] = [before, text, true];
      before.forEach((each) => written.splice(written.indexOf(each), 1));
      update();
    });
  }

  function join(version) {
    field.value = (field.value.trim() + "\n" + version.text).trim();
    base = base.concat(version.id);
    save();
    field.focus();
    update();
  }

  function update() {
    const versions = talk.parts["text." + place.id] || [];
    const stands = versions.some((one) => base.indexOf(one.id) >= 0);
    seen = seen || stands;
    const fresh = versions.filter((one) => written.indexOf(one.id) < 0);
    const moved = seen && !stands && (fresh.length > 0 || !versions.length);
    if (moved && field.value === sent && document.activeElement !== field) {
      field.value = sent = fresh.length ? fresh[0].text : "";
      base = fresh.length ? [fresh[0].id] : [];
    }
    grow(field);
    const more = fresh.filter((one) => base.indexOf(one.id) < 0);
    const now = JSON.stringify(more);
    if (now === told) return;
    told = now;
    fill(others,
      more.length > 0 && h("p", null, "Somebody else wrote here too. Both were kept: join them."),
      more.map((one) => h("div", { class: "version" }, h("p", { class: "written" }, one.text),
        button("Join with the text above", () => join(one), { class: "plain" }))));
  }

  update();
  return {
    node,
    update,
    flush: save,
    enable(can) {
      field.disabled = !can;
    },
  };
}

/** The same place for those who only read it. */
export function read(place, talk, label) {
  const body = h("div", null);
  let told = "-";
  function update() {
    const now = JSON.stringify(talk.parts["text." + place.id]);
    if (now === told) return;
    told = now;
    fill(body, standing(talk.parts, place.id));
  }
  update();
  return { node: h("div", { class: "field" }, h("p", { class: "label" }, label), body), update, flush() {}, enable() {} };
}

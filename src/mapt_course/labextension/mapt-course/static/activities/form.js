// A form to fill in: each box saves itself, and a picture grows out of what is entered.
import { download, h, rich } from "./page.js";
import { entered } from "./picture.js";

const IDLE = 1500; // ms without a key before a box is saved
const FILES = { docx: "Word", md: "Plain text (Markdown)", csv: "Table (CSV)" };

export function form(link, watch) {
  const told = link.view.form;
  const status = h("span", { role: "status" });
  const place = h("div", { className: "mapt-drawn" });
  const boxes = [];
  const values = () => Object.fromEntries(boxes.map((each) => [each.id, each.box.value]));
  const draw = () => place.replaceChildren(...entered(told, values()));
  const saved = (at) => {
    const time = at && new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    status.textContent = at ? `Saved ${time}` : "Saves by itself as you write";
  };

  const box = (cell, id, label) => {
    const item = { id: `${told.id} ${id}` }; // a draft of its own for each box
    const name = `${item.id} box`;
    const now = link.draft(item) ?? told.cells[id] ?? "";
    const shared = { id: name, "data-k": id, "aria-label": label ?? false };
    const words = cell.type === "text" ? h("p", { className: "mapt-quiet mapt-words-count" }) : null;
    const paper = h("p", { className: "mapt-paper", "aria-hidden": "true" }); // printed for the box, which cuts
    const on = { input: () => change(), change: () => save(), blur: () => save() };
    const field =
      cell.type === "choice"
        ? h("select", { ...shared, ...on }, h("option", { value: "" }, "Choose …"),
            cell.options.map((option) => h("option", { value: option.id }, option.text)))
        : cell.type === "text"
          ? h("textarea", { ...shared, ...on, rows: cell.min_words > 200 ? 12 : label ? 2 : 3 })
          : h("input", { ...shared, ...on, type: cell.type === "date" ? "date" : "text" });
    field.value = now;
    const each = { id, item, box: field, sent: told.cells[id] ?? "", timer: 0, tell };
    function tell() {
      paper.textContent = cell.type === "choice" ? field.selectedOptions[0]?.text : field.value;
      if (!words) return;
      const count = (field.value.match(/[^\s]+/gu) ?? []).length;
      const wanted = cell.max_words ? `${cell.min_words ? `${cell.min_words} to ` : "Up to "}${cell.max_words} words` : "";
      words.textContent = [count > 0 && `${count} ${count === 1 ? "word" : "words"} so far`, wanted].filter(Boolean).join(" · ");
    }
    function change() {
      link.setDraft(item, field.value);
      status.textContent = "Not saved yet";
      tell();
      draw();
      clearTimeout(each.timer);
      each.timer = setTimeout(save, IDLE);
    }
    function save() {
      clearTimeout(each.timer);
      if (field.value === each.sent) return;
      each.sent = field.value;
      status.textContent = "Saving…";
      link.send({ do: "form", item: told.id, cell: id, text: field.value });
    }
    boxes.push(each);
    tell();
    // Typed on a page that went away before it could send; what it did send is in the queue.
    if (now !== each.sent && !link.kept.queue.some((message) => message.cell === id)) save();
    return label
      ? h("div", { className: "mapt-field" }, field, words, paper)
      : h("div", { className: "mapt-field" }, h("label", { htmlFor: name }, cell.label), field, words, paper);
  };

  const table = (field) =>
    h("div", { className: "mapt-rows", role: "group", "aria-label": field.label },
      field.rows.map((row, n) =>
        h("fieldset", null, h("legend", null, row),
          h("div", { className: "mapt-cells" },
            field.columns.map((column) => {
              const made = box(column, `${field.id}.${n + 1}.${column.id}`, `${row}: ${column.label}`);
              made.prepend(h("span", { className: "mapt-quiet", "aria-hidden": "true" }, column.label));
              return made;
            })))));

  const parts = told.parts.map((part) => [
    h("h4", null, part.title),
    part.note && h("p", { className: "mapt-quiet" }, rich(part.note)),
    part.fields.map((field) => [
      field.cell ? box({ ...field.cell, label: field.label }, field.id) : table(field),
      field.id === told.picture.of && place,
    ]),
  ]);
  draw();
  saved(told.saved);
  watch((change) => {
    const now = link.view.form;
    if (change.mine?.do === "form" || change.all) {
      if (!link.kept.queue.length) saved(now.saved);
    }
    // Another page wrote: take it over where nobody is writing here.
    for (const each of boxes) {
      const value = now.cells[each.id] ?? "";
      if (document.activeElement === each.box || link.draft(each.item) !== undefined) continue;
      if (each.box.value === value) continue;
      each.box.value = each.sent = value;
      each.tell();
      draw();
    }
  });
  return h("div", { className: "mapt-item mapt-form" },
    h("h3", null, told.title),
    told.prompt.split("\n\n").map((part) => h("p", { className: "mapt-prompt" }, rich(part))),
    h("p", { className: "mapt-quiet" }, told.reminder),
    parts,
    h("p", { className: "mapt-status" }, status),
    takeAway(link, watch, told));
}

/** A button for each kind of file that the form can be taken along as. */
function takeAway(link, watch, told) {
  const status = h("span", { "aria-live": "polite" });
  let making = false; // on this page: another of the same form asks for its own
  const make = (kind) => {
    if (making) return;
    making = true;
    status.textContent = "Making the file …";
    link.send({ do: "product", item: told.id, kind });
  };
  watch((change) => {
    if (!making || change.mine?.do !== "product") return;
    making = false;
    status.textContent = change.file ? `“${change.file.name}” is among your downloads.` : "";
    if (change.file) download(change.file);
  });
  return h("div", { className: "mapt-buttons", role: "group", "aria-label": "Take this sheet along" },
    h("span", null, "Take it along:"),
    Object.entries(FILES).map(([kind, text]) =>
      h("button", { type: "button", className: "mapt-plain", "data-k": kind, click: () => make(kind) }, text)),
    status);
}

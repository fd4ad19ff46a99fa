// What every activity needs: making elements, and a link to the record that loses nothing.

/** An element; a property that is a function listens, `data-…`, `aria-…` and `role` are attributes. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child || child === 0));
  return element;
}

/** Text with **bold** and *italic*, as nodes; never as HTML. */
export function rich(text) {
  return (text ?? "").split(/(\*\*[^*]+\*\*|\*[^*]+\*|\n\n)/).map((part) => {
    if (part === "\n\n") return h("br");
    if (part.startsWith("**") && part.length > 4) return h("strong", null, part.slice(2, -2));
    if (part.startsWith("*") && part.length > 2) return h("em", null, part.slice(1, -1));
    return part;
  });
}

const newId = () =>
  globalThis.crypto?.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;

const LATE = 6000; // ms without an acknowledgement before the page says so
const links = new WeakMap();

/** The one link of a model, shared by all its views. */
export function linkOf(model) {
  if (!links.has(model)) links.set(model, new Link(model));
  return links.get(model);
}

/** Sends what the trainee did, keeps it in the browser until it is on the disk, takes what comes back. */
class Link {
  constructor(model) {
    this.model = model;
    this.view = model.get("view");
    this.watchers = new Set();
    this.late = false;
    this.error = "";
    this.store = `mapt ${this.view.place} ${this.view.id}`;
    this.kept = { queue: [], drafts: {} };
    try {
      Object.assign(this.kept, JSON.parse(localStorage.getItem(this.store)));
    } catch {
      // A browser without storage: answers are still sent, only not kept over a reload.
    }
    model.on("msg:custom", (message) => this.take(message));
    for (const message of this.kept.queue) this.post(message);
    // The record may have grown since this model was made: by another page, or another computer.
    addEventListener("focus", () => this.refresh());
  }

  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  tell(change) {
    for (const watcher of this.watchers) watcher(change);
  }

  keep() {
    try {
      if (this.kept.queue.length || Object.keys(this.kept.drafts).length)
        localStorage.setItem(this.store, JSON.stringify(this.kept));
      else localStorage.removeItem(this.store);
    } catch {
      // as above
    }
  }

  /** What the trainee has put together but not sent yet. */
  draft(item) {
    const draft = this.kept.drafts[item.id];
    return draft && draft.attempt === (item.attempt ?? 0) ? draft.response : undefined;
  }

  setDraft(item, response) {
    this.kept.drafts[item.id] = { attempt: item.attempt ?? 0, response };
    this.keep();
  }

  send(message) {
    const whole = { ...message, mid: newId() };
    this.kept.queue.push(whole);
    this.keep();
    this.post(whole);
  }

  refresh() {
    if (document.visibilityState === "visible") this.post({ do: "refresh" });
  }

  post(message) {
    try {
      this.model.send(message);
    } catch {
      // The helper is gone: the message stays in the queue.
    }
    if (!message.mid) return;
    setTimeout(() => {
      if (!this.kept.queue.some((each) => each.mid === message.mid)) return;
      // Once, bring the helper back by ourselves; then say so and let the trainee do it.
      if (!this.late) globalThis.maptCourse?.goOn();
      this.late = true;
      this.tell({});
      this.post(message);
    }, LATE);
  }

  take(message) {
    if (message.sources) return;
    const sent = this.kept.queue.find((each) => each.mid === message.ack);
    if (sent && (!message.error || message.refused)) {
      this.kept.queue = this.kept.queue.filter((each) => each !== sent);
      // A hint leaves the draft alone, and so does the answer to an earlier state of it.
      const name = sent.cell ? `${sent.item} ${sent.cell}` : sent.item;
      const draft = JSON.stringify(this.kept.drafts[name]?.response);
      if (!message.error && draft === JSON.stringify(sent.response ?? sent.text))
        delete this.kept.drafts[name];
      this.keep();
    }
    if (message.ack) this.error = message.error ?? "";
    if (!message.error) this.late = this.late && this.kept.queue.length > 0;
    if (message.view) this.view = message.view;
    if (message.reflection) this.view = { ...this.view, reflection: message.reflection };
    if (message.form) this.view = { ...this.view, form: message.form };
    if (message.item)
      this.view = {
        ...this.view,
        items: this.view.items.map((each) => (each.id === message.item.id ? message.item : each)),
      };
    this.tell({ item: message.item?.id, all: Boolean(message.view), mine: sent, file: message.file });
    if (sent && !message.error) dispatchEvent(new Event("mapt-kept"));
  }
}

/** A line that says in plain words when something is not saved yet, and offers a way on. */
export function trouble(link) {
  const line = h("div", { className: "mapt-trouble", role: "alert" });
  const show = () => {
    if (link.error) line.replaceChildren(h("p", null, link.error));
    else if (link.late)
      line.replaceChildren(
        h("p", null, "Not saved yet. The course's helper does not answer. What you wrote is kept in this browser and will be saved when the helper is back."),
        h("button", { type: "button", click: () => (globalThis.maptCourse?.goOn ?? (() => location.reload()))() }, "Go on"),
      );
    else line.replaceChildren();
  };
  show();
  return { line, show };
}

/** A link to a file in a folder beside the notebook's own; its name alone where this page does not
    know its address. A file that is not kept is shown. */
export function fileLink(folder, name, keep = true) {
  const here = location.pathname.match(/^(.*?)\/(?:notebooks|lab\/tree|doc\/tree)\/((?:.*\/)?)[^/]+\/[^/]+\.ipynb$/);
  if (!here) return h("code", null, name);
  const href = `${here[1]}/files/${here[2]}${folder}/${encodeURIComponent(name)}`;
  return keep
    ? h("a", { href: `${href}?download=1`, download: name, "data-k": name }, name)
    : h("a", { href, "data-k": name, target: "_blank", rel: "noopener" }, name);
}

/** Properties of a button that does nothing while `busy`. It stays a place for the keyboard: what is
    disabled loses the focus. */
export const pressed = (busy, click) => ({
  type: "button",
  "aria-disabled": busy ? "true" : undefined,
  click: () => busy || click(),
});

/** Put a file among the browser's downloads: its name, media type and content in base64. */
export function download({ name, type, content }) {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const href = URL.createObjectURL(new Blob([bytes], { type }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** Draw again and keep the keyboard's place: `data-k` names an element across drawings. */
export function redraw(place, ...children) {
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  const name = active?.dataset.k;
  place.replaceChildren(...children.flat().filter(Boolean));
  if (!active) return;
  const again = name && [...place.querySelectorAll("[data-k]")].find((each) => each.dataset.k === name);
  (again ?? place.querySelector("[data-focus]"))?.focus();
}

// One lesson on the page: from opening to a lost helper and back.

// The only sources that run by themselves. A notebook that somebody changed runs nothing else.
const CALL = /^from mapt_course import (quiz|scenario|rating|reflection|form|hand_in|home|due|take_along|papers|joint_day); \1\((?:"[a-z0-9-]+")?\)$/;
const LOST = new Set(["autorestarting", "restarting", "dead", "terminating", "unknown"]);

const AGAIN = "The course's helper stopped and is starting again. What you wrote is kept.";

const JOB = "mapt job";
const LOOK = 5_000; // ms between two looks whether the helper still has what the page shows

const GONE =
  "The connection to the course is gone. Is its window still open on this computer? " +
  "What you write meanwhile is kept in this browser.";

function serverAnswers() {
  const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  return fetch(new URL(`${baseUrl}api/status`, location.href)).then((answer) => answer.ok, () => false);
}

export class Lesson {
  constructor(panel, CodeCell) {
    this.panel = panel;
    this.CodeCell = CodeCell;
    this.session = panel.sessionContext;
    this.running = null;
    this.lost = false;
    this.note = document.createElement("div");
    this.note.className = "mapt-page mapt-note";
    this.note.setAttribute("role", "status");
    panel.node.append(this.note);
    this.dress();
    this.listen();
    void this.start();
  }

  /** No code, no editing, no keys of JupyterLab's own inside a lesson. */
  dress() {
    const { panel } = this;
    panel.addClass("mapt-lesson");
    panel.toolbar.hide(); // hidden by CSS alone it would leave its place empty
    // A page to read is no “feed” of “Markdown Cell Content”.
    const page = panel.content.node.querySelector(".jp-WindowedPanel-viewport");
    for (const name of ["role", "aria-label"]) page?.removeAttribute(name);
    // JupyterLab looks for this mark from the focused element upwards, and may stop at once.
    panel.node.addEventListener("focusin", (event) => {
      event.target.dataset.lmSuppressShortcuts = "true";
    });
    addEventListener("keydown", (event) => {
      if (event.key === "Tab") panel.addClass("mapt-by-keys");
    }, true);
    panel.content.node.addEventListener("dblclick", (event) => event.stopPropagation(), true);
    panel.node.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") event.preventDefault();
    });
    for (const cell of panel.content.widgets) {
      const tags = cell.model.getMetadata("tags") ?? [];
      if (tags.includes("mapt-start") || tags.includes("mapt-hidden")) cell.addClass("mapt-gone");
      if (this.isCall(cell)) cell.addClass("mapt-call");
      cell.node.removeAttribute("aria-label");
    }
    // Examples for one's own job: open one, and it stays open in every lesson.
    panel.content.node.addEventListener("toggle", (event) => {
      const job = [...event.target.classList].find((name) => name.startsWith("mapt-for-"));
      if (!job || !event.target.open || event.target.dataset.own) return;
      localStorage.setItem(JOB, job);
      this.openOwn();
    }, true);
    // Answers are in the record: the notebook itself has nothing to save, and two pages of one
    // lesson must not quarrel over it.
    const { model } = panel.content;
    model.dirty = false;
    model.stateChanged.connect((_, change) => {
      if (change.name === "dirty" && change.newValue) model.dirty = false;
    });
    // JupyterLab's own message about a restart speaks of kernels; ours takes its place.
    try {
      Object.defineProperty(panel, "_autorestarting", { get: () => true, set: () => {} });
    } catch {
      // Another JupyterLab keeps its message; nothing depends on it.
    }
  }

  /** Over the box of all then-and-now rows: a field that leaves only the rows with these words. */
  offerFilter() {
    for (const box of this.panel.content.node.querySelectorAll(".mapt-all-rows")) {
      if (box.querySelector("input")) continue;
      const rows = [...box.querySelectorAll(".mapt-row")];
      const label = document.createElement("label");
      label.className = "mapt-filter";
      const field = document.createElement("input");
      field.type = "search";
      const count = document.createElement("span");
      count.setAttribute("role", "status");
      const filter = () => {
        const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
        for (const row of rows)
          row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
        count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
      };
      field.addEventListener("input", filter);
      label.append("Show only rows with these words: ", field, count);
      box.prepend(label);
      filter();
    }
  }

  openOwn() {
    const job = localStorage.getItem(JOB);
    for (const example of this.panel.content.node.querySelectorAll(".mapt-example")) {
      example.dataset.own = example.classList.contains(job) ? "yes" : "";
      example.open = example.classList.contains(job);
    }
  }

  isCall(cell) {
    return cell.model.type === "code" && CALL.test(cell.model.sharedModel.getSource().trim());
  }

  listen() {
    this.session.statusChanged.connect((_, status) => {
      if (!this.ready) return; // what comes before is the start, and start() tells about it
      if (LOST.has(status)) {
        this.lost = true;
        if (status === "dead")
          this.say("The course's helper has stopped. What you wrote is kept. To go on, press the button.", true);
        else this.say(AGAIN);
      } else if (status === "starting") {
        // Restarted from elsewhere: nothing but this tells it, and no “idle” follows by itself.
        this.lost = true;
        this.say(AGAIN);
        setTimeout(() => {
          if (this.session.session?.kernel?.status !== "starting") return;
          this.lost = false;
          void this.run();
        }, 700);
      } else if (this.lost && status === "idle") {
        this.lost = false;
        void this.run();
      }
    });
    let waiting;
    this.session.connectionStatusChanged.connect((_, status) => {
      clearTimeout(waiting);
      if (status === "connected") {
        if (this.offline) this.say("");
        this.offline = false;
        return;
      }
      if (!this.ready) return;
      // A helper that starts again is away for a moment too, and says so itself.
      waiting = setTimeout(() => {
        this.offline = true;
        this.say(GONE, true);
      }, this.lost ? 10_000 : 2_000);
    });
  }

  /** Restarted from elsewhere a helper may be back without a word: its first one can be lost. */
  watch() {
    const looking = setInterval(() => void this.look(), LOOK);
    this.panel.disposed.connect(() => clearInterval(looking));
  }

  async look() {
    const kernel = this.session.session?.kernel;
    if (!this.shown || this.running || this.looking || document.hidden || !this.panel.isVisible) return;
    if (this.lost || this.offline || kernel?.status !== "idle") return;
    this.looking = true;
    try {
      const told = await kernel.requestCommInfo({ target_name: "jupyter.widget" });
      if (Object.keys(told.content.comms ?? {}).length) return;
      this.say(AGAIN);
      this.shown = false;
      await this.run();
    } catch {
      // What is wrong then is told by a status.
    } finally {
      this.looking = false;
    }
  }

  async start() {
    this.say("Getting the lesson ready…");
    const slow = [
      setTimeout(() => this.say("Still getting ready. The first lesson of the day takes a little longer."), 8_000),
      setTimeout(() => this.say("This takes longer than it should. To try again, press the button.", true), 40_000),
    ];
    try {
      await this.panel.revealed;
      await this.session.ready;
      await this.session.session?.kernel?.info;
      await this.run();
      this.ready = true;
      this.watch();
      if (localStorage.getItem(JOB)) this.openOwn();
      this.offerFilter();
    } catch {
      this.say("This lesson could not start. To try again, press the button.", true);
    } finally {
      slow.forEach(clearTimeout);
    }
  }

  /** Run the course's own cells; what is shown already stays as it is (one model an activity). */
  run() {
    this.running ??= this.runCells().finally(() => (this.running = null));
    return this.running;
  }

  async runCells() {
    const calls = this.panel.content.widgets.filter((cell) => this.isCall(cell));
    let failed = calls.length > 0 && !this.session.session?.kernel;
    let done = 0;
    // All at once: the helper takes them in this order, and the page need not wait in between.
    await Promise.all(calls.map(async (cell) => {
      await this.CodeCell.execute(cell, this.session).catch(() => (failed = true));
      if (calls.length > 3 && ++done < calls.length) this.say(`Getting the lesson ready… ${done} of ${calls.length}`);
      const broken = cell.model.outputs.toJSON().some((output) => output.output_type === "error");
      cell.toggleClass("mapt-broken", broken);
      failed ||= broken;
    }));
    if (failed) this.say("Something in this lesson did not start. To try again, press the button. If that does not help, tell your trainer.", true);
    else this.say("");
    this.shown = calls.length > 0 && !failed;
  }

  /** Bring the helper back: gently where it answers, else anew. Called by a button or a page. */
  async goOn() {
    this.say("One moment…");
    try {
      const kernel = this.session.session?.kernel;
      if (kernel && kernel.connectionStatus !== "connected") await kernel.reconnect();
      const answers = kernel && (await Promise.race([
        kernel.requestKernelInfo().then(() => true, () => false),
        new Promise((done) => setTimeout(done, 4000, false)),
      ]));
      if (!answers) await (kernel ? this.session.restartKernel() : this.session.initialize());
      this.lost = false;
      await this.run();
    } catch {
      // Stopped and started again: this page's helper is gone for good, a fresh page has a new one.
      if (await serverAnswers()) return location.reload();
      this.say("The course is not running on this computer. Start it again, then press the button. What you wrote is kept in this browser.", true);
    }
  }

  say(text, offer = false) {
    this.note.replaceChildren();
    if (!text) return;
    const line = document.createElement("p");
    line.textContent = text;
    this.note.append(line);
    if (!offer) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Go on";
    button.addEventListener("click", () => void this.goOn());
    this.note.append(button);
  }
}

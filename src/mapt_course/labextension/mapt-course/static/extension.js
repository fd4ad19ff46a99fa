// Opens the course's lessons ready to use, in JupyterLab and in Notebook: runs the course's own
// cells and no others, shows no code, and says in plain words when the helper is gone.
import { Lesson } from "./lesson.js";

/** The plugin; `shared(name)` gives a module that JupyterLab shares. */
export async function plugin(shared) {
  const { INotebookTracker } = await shared("@jupyterlab/notebook");
  const { CodeCell } = await shared("@jupyterlab/cells");
  return {
    id: "mapt-course:lessons",
    autoStart: true,
    requires: [INotebookTracker],
    activate(app, tracker) {
      const lessons = new Map();
      const sheet = document.createElement("link");
      sheet.rel = "stylesheet";
      sheet.href = new URL("lesson.css", import.meta.url).href;
      document.head.append(sheet);

      const added = async (panel) => {
        await panel.context.ready;
        if (panel.isDisposed || !panel.content.model?.getMetadata("mapt")?.lesson) return;
        lessons.set(panel, new Lesson(panel, CodeCell));
        panel.disposed.connect(() => lessons.delete(panel));
      };
      tracker.widgetAdded.connect((_, panel) => void added(panel));
      tracker.forEach((panel) => void added(panel));
      // Start here, come back to, has to know what was done in the lessons meanwhile.
      tracker.currentChanged.connect((_, panel) => {
        if (lessons.has(panel)) dispatchEvent(new CustomEvent("mapt-shown", { detail: panel.node }));
      });

      // What an activity on the page may ask for.
      globalThis.maptCourse = {
        goOn: () => lessons.get(tracker.currentWidget)?.goOn(),
        /** Open a lesson beside the present one's path; false where that is not possible here. */
        open(href) {
          const from = tracker.currentWidget?.context.path;
          if (!from || document.querySelector('[data-notebook="notebooks"]')) return false;
          const path = new URL(href, `file:///${from}`).pathname.slice(1);
          void app.commands.execute("docmanager:open", { path: decodeURIComponent(path) });
          return true;
        },
      };
    },
  };
}

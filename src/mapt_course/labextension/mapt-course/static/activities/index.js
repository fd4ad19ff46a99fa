// The page's side of every activity; the loader in widgets/activity.py asks for this file.
import { h, linkOf, trouble } from "./page.js";
import { question, quiz } from "./quiz.js";
import { scenario } from "./scenario.js";
import { reflection } from "./reflection.js";
import { form } from "./form.js";
import { handIn } from "./handin.js";
import { home } from "./home.js";
import { due } from "./due.js";
import { takeAlong } from "./takealong.js";
import { papers } from "./papers.js";
import { jointDay } from "./jointday.js";

export const version = "0.1.0"; // the package's; the loader compares them

const views = {
  quiz,
  scenario,
  reflection,
  form,
  hand_in: handIn,
  home,
  due,
  take_along: takeAlong,
  papers,
  joint_day: jointDay,
  rating: (link, watch) => question(link, watch, link.view.items[0].id, ""),
};


/** Add the style sheet once: its text, or the file beside this one. */
export function style(text) {
  if (document.getElementById("mapt-style")) return;
  const sheet = text
    ? h("style", { id: "mapt-style" }, text)
    : h("link", { id: "mapt-style", rel: "stylesheet", href: new URL("style.css", import.meta.url).href });
  document.head.append(sheet);
}

const BUTTONS = { hand_in: "Hand in", home: "Course map", take_along: "Take everything along", papers: "Portfolio and certificate", joint_day: "The joint day" };

/** What a listener hears on entering; no two on a page are alike. */
function name(view) {
  const stem = view.items?.[0]?.stem.replaceAll("*", "");
  const name = view.title ?? view.reflection?.title ?? view.form?.title ?? (view.call === "due" ? "Questions due" : stem);
  return name ?? BUTTONS[view.call];
}

export function render(model, el) {
  if (import.meta.url.startsWith("http")) style();
  const link = linkOf(model);
  const stops = [];
  const watch = (watcher) => stops.push(link.watch(watcher));
  const { line, show } = trouble(link);
  const section = h("section", { className: `mapt mapt-${link.view.call}`, "aria-label": name(link.view) });
  section.append(...[views[link.view.call](link, watch)].flat(3).filter(Boolean), line);
  watch(show);
  // JupyterLab's own keys and menus have no business in an activity.
  section.addEventListener("keydown", (event) => event.stopPropagation());
  section.addEventListener("contextmenu", (event) => event.stopPropagation());
  el.append(section);
  const hear = (name, heard) => {
    addEventListener(name, heard);
    stops.push(() => removeEventListener(name, heard));
  };
  hear("mapt-shown", (event) => event.detail.contains(el) && link.refresh());
  // What is answered on a page changes what its button has to say.
  if (link.view.call === "hand_in") hear("mapt-kept", () => section.checkVisibility() && link.refresh());
  return () => stops.forEach((stop) => stop());
}

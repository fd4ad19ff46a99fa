// Elements, and words in the right number. What people wrote only ever becomes textContent.

/** An element. A property that starts with “on” is a listener; true and false set an attribute. */
export function h(tag, given, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(given || {})) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (name === "value") e.value = value;
    else if (value === true) e.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) e.setAttribute(name, value);
  }
  add(e, children);
  return e;
}

function add(e, children) {
  for (const each of children) {
    if (Array.isArray(each)) add(e, each);
    else if (each || each === 0) e.append(each);
  }
}

/** Take out what an element holds, and put this in. */
export function fill(e, ...children) {
  while (e.firstChild) e.removeChild(e.firstChild);
  add(e, children);
}

/** Set a text only where it differs: a live region is read aloud again at each change. */
export function say(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

/** Draw where something differs from last time; what had the focus (by its data-key) has it again. */
export function same(element, given, draw) {
  const now = JSON.stringify(given);
  if (element.drawn === now) return;
  element.drawn = now;
  const before = element.contains(document.activeElement) && document.activeElement.dataset.key;
  fill(element, draw());
  const again = before && element.querySelector('[data-key="' + before + '"]');
  if (again) again.focus();
}

export function button(text, press, given) {
  return h("button", Object.assign({ type: "button", onclick: press }, given), text);
}

/** Make a field as high as its text; a field that is folded away is left as it is. */
export function grow(field) {
  if (field.tagName !== "TEXTAREA" || !field.offsetParent) return;
  field.style.height = "auto";
  field.style.height = field.scrollHeight + 4 + "px";
}

export function many(n, one, more) {
  return n + " " + (n === 1 ? one : more);
}

let last = 0;

/** An id for a label or a heading. */
export function id() {
  last += 1;
  return "r" + last;
}

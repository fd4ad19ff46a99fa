// Measurements of a page; layout.py calls them. What they share: the texts and fields that are
// painted, with their boxes.
(() => {
  const UNSEEN = ".mapt-unseen, script, style, template, noscript";
  const FIELDS = "input, select, textarea, progress, img, button, summary";
  const seen = (e) => !e.closest(UNSEEN) && e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const name = (e) => {
    const text = (e.matches("input, textarea") && e.value || e.placeholder || e.alt || e.textContent).trim().replace(/\s+/g, " ");
    const kind = e.className && typeof e.className === "string" ? "." + e.className.trim().split(/\s+/)[0] : "";
    return `${e.tagName.toLowerCase()}${kind} “${text.slice(0, 50)}”`;
  };
  const all = (root, selector) => {
    const top = document.querySelector(root);
    if (!top) throw new Error("nothing fits " + root);
    return [...top.querySelectorAll(selector)].filter(seen);
  };
  const textNodes = (root) => {
    const walker = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && seen(node.parentElement) && !node.parentElement.closest("select")) found.push(node);
    }
    return found;
  };
  // A line's box is as high as the font's tallest sign; the letters fill about 1 em around its
  // middle. Lines set closer than the tallest sign would need are no overlap.
  const lines = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(getComputedStyle(node.parentElement).fontSize);
    return [...range.getClientRects()].filter((r) => r.width > 0 && r.height > 0).map((r) => {
      const middle = (r.top + r.bottom) / 2, half = Math.min(r.height, size) / 2;
      return { left: r.left, right: r.right, top: middle - half, bottom: middle + half };
    });
  };
  const styles = new Map(); // nothing changes while it is measured, but for the focus
  const styleOf = (e) => styles.get(e) ?? (styles.set(e, getComputedStyle(e)), styles.get(e));
  const scrolls = (e, axis) => /auto|scroll/.test(styleOf(e)["overflow" + axis]);
  const cuts = (e, axis) => /hidden|clip/.test(styleOf(e)["overflow" + axis]);
  const parents = function* (e) {
    for (let each = e; each; each = each.parentElement) yield each;
  };
  const scroller = (e) => {
    for (const each of parents(e.parentElement)) if (scrolls(each, "X") || scrolls(each, "Y")) return each;
    return null;
  };
  // The part of a box that its ancestors leave visible now.
  const visible = (box, e) => {
    const left = { ...box };
    for (const each of parents(e.parentElement)) {
      const r = each.getBoundingClientRect();
      if (styleOf(each).overflowX !== "visible") { left.left = Math.max(left.left, r.left); left.right = Math.min(left.right, r.right); }
      if (styleOf(each).overflowY !== "visible") { left.top = Math.max(left.top, r.top); left.bottom = Math.min(left.bottom, r.bottom); }
    }
    return left;
  };
  const plain = (r) => ({ left: r.left, right: r.right, top: r.top, bottom: r.bottom });

  function overlaps(root) {
    const boxes = [];
    for (const node of textNodes(root)) {
      const e = node.parentElement;
      for (const box of lines(node)) boxes.push({ e, box, told: `“${node.data.trim().slice(0, 50)}”`, text: true, scroller: scroller(e) });
    }
    for (const e of all(root, FIELDS)) {
      const box = plain(e.getBoundingClientRect());
      boxes.push({ e, box, told: name(e), text: false, scroller: scroller(e) });
    }
    boxes.sort((a, b) => a.box.top - b.box.top);
    const found = new Set();
    boxes.forEach((a, n) => {
      for (let m = n + 1; m < boxes.length; m++) {
        const b = boxes[m];
        if (a.scroller === b.scroller && b.box.top > a.box.bottom) break;
        if (a.e === b.e || (!a.text && a.e.contains(b.e)) || (!b.text && b.e.contains(a.e))) continue;
        // In one scrolled place all of it counts, also what is scrolled away; else what is seen.
        const one = a.scroller === b.scroller;
        const [p, q] = one ? [a.box, b.box] : [visible(a.box, a.e), visible(b.box, b.e)];
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (wide > 2 && high > 2) found.add(`${a.told} and ${b.told} overlap by ${Math.round(wide)} x ${Math.round(high)} px`);
      }
    });
    return [...found];
  }

  const pen = document.createElement("canvas").getContext("2d");
  const inkWidth = (text, e) => {
    const style = styleOf(e);
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    return pen.measureText(text).width;
  };

  function clipped(root) {
    const found = new Set();
    for (const node of textNodes(root)) {
      const e = node.parentElement;
      for (const box of lines(node)) {
        for (const [axis, low, high] of [["X", "left", "right"], ["Y", "top", "bottom"]]) {
          for (const each of parents(e)) {
            if (scrolls(each, axis)) break;
            if (!cuts(each, axis)) continue;
            const edge = each.getBoundingClientRect();
            if (box[low] < edge[low] - 1 || box[high] > edge[high] + 1)
              found.add(`“${node.data.trim().slice(0, 50)}” is cut off by ${name(each).split(" ")[0]}`);
          }
        }
      }
    }
    for (const e of all(root, "*")) {
      const own = e.matches("button") || ((cuts(e, "X") || cuts(e, "Y")) && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
      if (own && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
        found.add(`${name(e)} is too small for its text`);
    }
    // The words of a closed list and of an empty field are not in the document: measured apart.
    for (const e of all(root, "select, input[type=text]")) {
      const words = e.matches("select") ? e.selectedOptions[0]?.textContent ?? "" : e.value ? "" : e.placeholder;
      const style = styleOf(e);
      const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) -
        (e.matches("select") ? 16 : 0); // 16: the arrow
      if (inkWidth(words, e) > room + 1) found.add(`${name(e)} has no room for “${words}”`);
    }
    return [...found];
  }

  function sideways(root) {
    const found = [];
    for (const e of [document.querySelector(root), ...all(root, "*")])
      if (scrolls(e, "X") && e.scrollWidth > e.clientWidth + 1)
        found.push(`${name(e).split(" ")[0]} scrolls sideways: ${e.scrollWidth} px in ${e.clientWidth} px`);
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth + 1) found.push("the whole page scrolls sideways");
    return found;
  }

  function smallText(root, least) {
    const found = new Set();
    const tell = (e, words) => {
      const size = parseFloat(styleOf(e).fontSize);
      if (size < least) found.add(`“${words.trim().slice(0, 50)}” has ${size} px`);
    };
    for (const node of textNodes(root)) tell(node.parentElement, node.data);
    for (const e of all(root, "select, input[type=text], textarea")) tell(e, name(e));
    return [...found];
  }

  // How many signs a full line of running text holds, on average: the last line is no full one.
  function longLines(root, most) {
    const found = [];
    for (const e of all(root, "p, li, dd, legend, label")) {
      if (e.querySelector("p, ul, ol, fieldset, input, select")) continue;
      const text = e.textContent.replace(/\s+/g, " ").trim();
      if (text.length <= most) continue;
      let signs = 0, last = 0, rows = 0, bottom = -1;
      const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      while (walker.nextNode()) {
        for (let n = 0; n < walker.currentNode.length; n++) {
          range.setStart(walker.currentNode, n);
          range.setEnd(walker.currentNode, n + 1);
          const r = range.getBoundingClientRect();
          if (!r.width) continue;
          if (r.top >= bottom - 4) [rows, signs, last, bottom] = [rows + 1, signs + last, 0, r.bottom];
          last++;
        }
      }
      const mean = Math.round(signs / (rows - 1));
      if (rows > 1 && mean > most) found.push(`${mean} signs in a line: “${text.slice(0, 50)}”`);
    }
    return found;
  }

  function smallTargets(root, least) {
    const found = [];
    for (const e of all(root, "button, a[href], input, select, textarea, summary, [role=button]")) {
      // A link within a sentence may be as high as its line (WCAG 2.5.8).
      const around = e.parentElement.textContent.trim().length - e.textContent.trim().length;
      if (e.matches("a") && styleOf(e).display === "inline" && around > 0) continue;
      const box = (e.matches("input") && e.closest("label") || e).getBoundingClientRect();
      if (box.width < least - 0.5 || box.height < least - 0.5)
        found.push(`${name(e)} is ${Math.round(box.width)} x ${Math.round(box.height)} px`);
    }
    return found;
  }

  function headings(root) {
    const found = [];
    let before = 0;
    const all_of = all(root, "h1, h2, h3, h4, h5, h6");
    for (const e of all_of) {
      const level = Number(e.tagName[1]);
      if (level > before + 1) found.push(`${name(e)} comes after h${before}`);
      before = level;
    }
    const first = all_of.filter((e) => e.tagName === "H1").length;
    if (first !== 1) found.push(`${first} h1`);
    return found;
  }

  /** What can be focused and does not change when it is. The caller has pressed a key before. */
  function unseenFocus(root) {
    const found = [];
    const active = document.activeElement;
    for (const e of all(root, "button, a[href], input, select, textarea, summary")) {
      if (e.disabled) continue;
      e.focus({ preventScroll: true });
      const style = styleOf(e);
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      if (document.activeElement === e && !ring) found.push(`${name(e)} shows no focus`);
      e.blur();
    }
    active?.focus?.({ preventScroll: true });
    return found;
  }

  return { overlaps, clipped, sideways, smallText, longLines, smallTargets, headings, unseenFocus };
})()

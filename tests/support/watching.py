"""What a page does behind the back of whoever uses it: where its focus goes, whom it asks."""

from __future__ import annotations

from urllib.parse import urlsplit

# Each frame: once something was focused, something stays focused. Drawing anew happens within one.
# After each key: what is focused lies in sight, uncovered, and has a ring.
WATCH = """(() => {
  let last = "", frames = 0;
  const name = (e) => `${e.tagName.toLowerCase()} ${e.dataset.k ?? ""} “${(
    e.labels?.[0]?.textContent ?? e.textContent).trim().slice(0, 40)}”`;
  const nothing = (e) => !e || e === document.body || e === document.documentElement;
  addEventListener("focusin", (event) => (last = name(event.target)), true);
  const look = () => {
    if (!nothing(document.activeElement)) frames = 0;
    else if (last && document.hasFocus() && ++frames === 3) {
      maptFault(`nothing has the focus any more, after ${last}`);
      last = "";
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const check = () => {
    const e = document.activeElement;
    if (nothing(e)) return;
    const { left, right, top, bottom } = e.getBoundingClientRect();
    const [x, to] = [Math.max(left, 0), Math.min(right, innerWidth)];
    const [y, down] = [Math.max(top, 0), Math.min(bottom, innerHeight)];
    if (x >= to || y >= down) return maptFault(`${name(e)} is out of sight`);
    const hit = document.elementFromPoint((x + to) / 2, (y + down) / 2);
    if (hit && !e.contains(hit) && !hit.contains(e))
      maptFault(`${name(e)} is covered by ${name(hit)}`);
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2)
      maptFault(`${name(e)} has no ring`);
  };
  addEventListener("keyup", () => requestAnimationFrame(() => requestAnimationFrame(check)), true);
})()"""


class Watched:
    """What was found in all pages of a browser context; watched from the beginning.

    ``foreign``: the addresses of requests and sockets to another host than the course's own;
    each such request is aborted. ``faults``: of the focus, a sentence each.
    """

    def __init__(self, context, own: str):
        self.foreign: list[str] = []
        self.faults: list[str] = []
        self._own = urlsplit(own).netloc
        context.route(self._elsewhere, lambda route: route.abort())
        context.on("request", lambda request: self._take(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._take(socket.url)))
        context.expose_function("maptFault", self._fault)
        context.add_init_script(WATCH)

    def _elsewhere(self, url: str) -> bool:
        told = urlsplit(url)
        return told.scheme in ("http", "https", "ws", "wss") and told.netloc != self._own

    def _take(self, url: str) -> None:
        if self._elsewhere(url):
            self.foreign.append(url)

    def _fault(self, told: str) -> None:
        if told not in self.faults:
            self.faults.append(told)

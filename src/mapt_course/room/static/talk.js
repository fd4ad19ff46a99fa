// What a page has of the room, and how it talks with it.
//
// A talk, whatever carries it, is:
//   parts, own     what the room shows (keys: view.py), and what is this seat's own (or null)
//   net            "on", "off" (what is done is kept, and sent later), "out" (not let in), "bye"
//   why            the sentence to a "bye"
//   waiting        how many operations are not acknowledged yet
//   me             the name under which this page's operations stand in ids of notes and versions
//   refused        {why, text}: an operation of before a reload that was not taken; or undefined
//   do(op, args)   -> promise of "" once it is on the room's disk, or of the sentence why not;
//                  its .id is the operation's
//   pending()      the operations that are not acknowledged: {id, op, args}
//   on(callback)   callback(keys) after a change: a Set of keys of parts, and "own", "net";
//                  returns a function that ends it
//   ask(path)      -> promise of the JSON of day, stage/<n>, door; rejected where there is none
//   clock()        the room's time, in ms
//   end()          hang up
//
// An operation is kept in the browser until it is acknowledged, so a reload, a flat battery or a
// lost network loses nothing; the room counts an id once.
import { apply } from "./own.js";

const PATIENCE = 8000; // ms for an acknowledgement, or for a socket to open
const AT_ONCE = 20; // operations that go out together; the room takes more from nobody
const PACE = 2000; // ms until the next ones go
const SLOWEST = 15000; // ms between attempts
const ASLEEP = 10000; // ms after which a page that comes back asks anew

// Where this script lies the room answers, too: at the root, below a hub, or in a Jupyter server.
export const BASE = new URL(".", import.meta.url).href;

export function get(path) {
  return fetch(BASE + path, { credentials: "same-origin", cache: "no-store" });
}

export function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Mapt": "1" };
  const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie); // a Jupyter server asks for it
  if (xsrf) headers["X-XSRFToken"] = xsrf[1];
  return fetch(BASE + path, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });
}

/** Talk with the room of this page's server as a "seat", the "wall" or the "lead". */
export function connect(as) {
  const store = keeper("mapt-room-" + as);
  const answers = {}; // operation's id -> what waits for its end
  const callbacks = [];
  let queue = store.read();
  let base = null; // own, as the room last told it
  let version = null;
  let socket = null;
  let failed = 0;
  let retry = 0;
  let offset = 0;
  let hiddenSince = 0;
  let watch = 0;
  let pause = 0;
  let out = 0; // operations that went out since ``pace``
  let pace = 0;
  let round = 0; // of connecting: what belongs to an earlier one is ignored

  const talk = {
    parts: {},
    own: null,
    net: "off",
    why: "",
    waiting: queue.length,
    me: as === "lead" ? "facilitator" : "",
    do: perform,
    ask,
    pending: () => queue,
    end: finish,
    clock: () => Date.now() + offset,
    on(callback) {
      callbacks.push(callback);
      return () => callbacks.splice(callbacks.indexOf(callback), 1);
    },
  };

  function tell(keys) {
    talk.waiting = queue.length;
    if (base) {
      talk.own = queue.reduce(apply, base);
      talk.me = base.seat;
    }
    callbacks.slice().forEach((each) => each(new Set(keys)));
  }

  function perform(op, args) {
    const one = { id: name(), op, args };
    // Of what was not sent yet, only the last text of a place matters.
    const gone = queue.filter((old) => !old.sent && replaces(one, old, talk.me));
    queue = queue.filter((old) => gone.indexOf(old) < 0);
    queue.push(one);
    store.write(queue);
    answers[one.id] = [];
    for (const old of gone) answers[one.id].push(...(answers[old.id] || []));
    const told = new Promise((done) => answers[one.id].push(done));
    told.id = one.id;
    send();
    tell(["own", "net"]);
    return told;
  }

  function ask(path) {
    return get(path).then((got) => {
      if (!got.ok) throw new Error(String(got.status));
      // The header is cut to whole seconds: on average half of one is missing.
      const date = Date.parse(got.headers.get("Date") || "");
      if (date) offset = date + 500 - Date.now();
      return got.json();
    });
  }

  // ---- what comes in

  function take(told) {
    if (told.parts) {
      const keys = Object.keys(told.parts);
      if (told.t === "all") {
        keys.push(...Object.keys(talk.parts));
        talk.parts = {};
      }
      for (const key of Object.keys(told.parts)) {
        if (told.parts[key] === null) delete talk.parts[key];
        else talk.parts[key] = told.parts[key];
      }
      version = told.v;
      if (told.own) {
        base = told.own;
        keys.push("own");
      }
      tell(keys);
    } else if (told.t === "own") {
      base = told.own;
      tell(["own"]);
    } else if (told.t === "ok" || told.t === "no") {
      settle(told);
    } else if (told.t === "bye") {
      talk.why = told.why;
      become("bye");
      stop();
    }
  }

  function settle(told) {
    const one = queue.find((each) => each.id === told.id);
    if (!one) return;
    queue = queue.filter((each) => each !== one);
    store.write(queue);
    if (told.t === "ok" && base) base = apply(base, one);
    const waiting = answers[one.id];
    delete answers[one.id];
    if (waiting) waiting.forEach((done) => done(told.t === "ok" ? "" : told.why));
    // It was done before the page was loaded anew: nobody waits for the answer any more.
    else if (told.t === "no") talk.refused = { why: told.why, text: one.args.text || "" };
    tell(["own", "net"]);
    expect();
  }

  function become(net) {
    if (talk.net === net) return;
    talk.net = net;
    tell(["net"]);
  }

  // ---- what goes out

  function send() {
    if (talk.net !== "on") return;
    if (Date.now() - pace > PACE) [pace, out] = [Date.now(), 0];
    const all = queue.filter((each) => each.sent !== round);
    // Plain requests follow each other, so that operations keep their order.
    const now = !socket && all.length < queue.length ? [] : all.slice(0, AT_ONCE - out);
    now.forEach((each) => (each.sent = round));
    out += now.length;
    if (socket) now.forEach((each) => socket.send(message(each)));
    else if (now.length) plainly(now, round);
    clearTimeout(pause);
    if (now.length < all.length) pause = setTimeout(send, PACE);
    expect();
  }

  function plainly(now, mine) {
    within(PATIENCE, post("do?as=" + as, now.map((each) => JSON.parse(message(each)))))
      .then(readable)
      .then((told) => {
        told.forEach(settle);
        if (mine === round) send();
      })
      .catch(() => mine === round && lost());
  }

  /** A socket can be dead without a sign: what is not acknowledged in time tells. */
  function expect() {
    clearTimeout(watch);
    if (socket && queue.length) watch = setTimeout(lost, PATIENCE);
  }

  // ---- connecting

  function start() {
    round += 1;
    clearTimeout(retry);
    if (talk.net === "bye") return;
    const mine = round;
    let one;
    try {
      one = new WebSocket(BASE.replace(/^http/, "ws") + "socket?as=" + as);
    } catch (_) {
      poll(mine);
      return;
    }
    let here = false;
    const late = setTimeout(() => one.close(), PATIENCE);
    one.onmessage = (event) => {
      if (mine !== round) return;
      const told = JSON.parse(event.data);
      if (!here && told.t === "all") {
        here = true;
        clearTimeout(late);
        socket = one;
        failed = 0;
        take(told);
        become("on");
        send();
      } else {
        take(told);
      }
    };
    one.onclose = () => {
      clearTimeout(late);
      if (mine !== round || talk.net === "bye") return;
      if (here) lost();
      else poll(mine); // sockets may be blocked where plain requests are not
    };
  }

  function poll(mine) {
    const since = version === null || talk.net !== "on" ? "" : "&v=" + version;
    // With a version the answer may wait for something new; without one it comes at once.
    within(since ? 3 * PATIENCE : PATIENCE, get("poll?as=" + as + since))
      .then(readable)
      .then((told) => {
        if (mine !== round) return;
        failed = 0;
        take(told);
        if (talk.net === "bye") return;
        become("on");
        send();
        poll(mine);
      })
      .catch((error) => {
        if (mine !== round) return;
        if (/^40[13]$/.test(error.message)) {
          stop();
          become("out");
        } else lost();
      });
  }

  function lost() {
    stop();
    become("off");
    failed += 1;
    retry = setTimeout(start, Math.min(SLOWEST, 300 * Math.pow(2, failed)) * (0.5 + Math.random() / 2));
  }

  function stop() {
    round += 1;
    clearTimeout(watch);
    clearTimeout(retry);
    clearTimeout(pause);
    const old = socket;
    socket = null;
    if (old) old.close();
  }

  function finish() {
    stop();
    talk.net = "bye";
    removeEventListener("online", again);
    removeEventListener("offline", off);
    document.removeEventListener("visibilitychange", seen);
  }

  function again() {
    if (talk.net === "bye" || talk.net === "out") return;
    failed = 0;
    stop();
    start();
  }
  function seen() {
    if (document.hidden) hiddenSince = Date.now();
    // A phone that slept mostly has a dead socket.
    else if (talk.net === "off" || Date.now() - hiddenSince > ASLEEP) again();
  }
  function off() {
    if (talk.net === "on") lost();
  }
  addEventListener("online", again);
  addEventListener("offline", off);
  document.addEventListener("visibilitychange", seen);
  start();
  return talk;
}

/** Begin with nothing kept: what waits, and what was half written, belongs to another seat. */
export function forget(as) {
  keeper("mapt-room-" + as).write([]);
  try {
    Object.keys(localStorage).filter((key) => key.indexOf("mapt-draft-") === 0).forEach((key) => localStorage.removeItem(key));
  } catch (_) {
    // nothing was kept
  }
}

function message(one) {
  return JSON.stringify({ id: one.id, op: one.op, args: one.args });
}

function replaces(one, old, me) {
  const a = one.args, b = old.args;
  if (one.op !== old.op || (one.op !== "answer" && one.op !== "write") || a.place !== b.place) return false;
  if (one.op === "answer") return a.voice === b.voice;
  if (a.over.indexOf(me + "." + old.id) < 0) return false;
  a.over = a.over.concat(b.over); // it stood over these, and never came to be
  return true;
}

function readable(got) {
  if (!got.ok) throw new Error(String(got.status));
  return got.json();
}

function within(ms, promise) {
  return Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error("late")), ms))]);
}

function name() {
  const numbers = crypto.getRandomValues(new Uint32Array(3));
  return Array.from(numbers, (n) => n.toString(36)).join("-");
}

/** Some browsers keep nothing in a private window: then the page's own memory has to do. */
function keeper(key) {
  return {
    read() {
      try {
        return JSON.parse(localStorage.getItem(key)) || [];
      } catch (_) {
        return [];
      }
    },
    write(queue) {
      try {
        localStorage.setItem(key, "[" + queue.map(message).join() + "]");
      } catch (_) {
        // as above
      }
    },
  };
}

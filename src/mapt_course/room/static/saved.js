// Whether what somebody did is kept: said beside it, and only when it is so.
import { say } from "./dom.js";

export const PAUSE = 1200; // ms without a key before a text is sent
export const WAITS = "Waiting for the network: it is kept on this device.";

/** Tell of an operation in ``status`` until it is settled; passes the sentence why not on. */
export function keep(talk, status, doing) {
  const mine = (status.doing = doing);
  const tell = () => say(status, talk.net === "on" ? "Saving …" : WAITS);
  tell();
  const end = talk.on((keys) => keys.has("net") && status.doing === mine && tell());
  return doing.then((why) => {
    end();
    if (status.doing === mine) {
      status.doing = null;
      say(status, why || "Saved.");
      status.classList.toggle("refused", Boolean(why));
    }
    return why;
  });
}

// Take everything along: a zip to download, and a zip brought back, piece by piece.
import { h, pressed, redraw } from "./page.js";

const SILENT = 15000; // ms without a word from the course's helper

export function takeAlong(link, watch) {
  const place = h("div", { className: "mapt-item mapt-handin" });
  const status = h("span", { role: "status" });
  let busy = ""; // what is being done, in words
  let file = null;
  let run = ""; // which press of a button it is: the helper also answers what others ask
  let sent = -1; // bytes before the piece that was sent last
  let timer = 0;

  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop("The course's helper does not answer. Reload this page, and try again."), SILENT);
  };
  const stop = (wrong) => {
    clearTimeout(timer);
    busy = "";
    file = null;
    if (wrong) link.view = { ...link.view, said: [], zip: "", wrong };
    draw();
  };

  const begin = (what) => {
    busy = what;
    run = `${Date.now()} ${Math.random()}`;
    sent = -1;
    draw();
  };
  const pack = () => {
    begin("Packing");
    listen();
    link.post({ do: "pack", run });
  };
  const bring = (chosen) => {
    if (!chosen) return;
    const { largest } = link.view;
    if (!chosen.size) return stop("This file is empty. Choose the zip that “Take everything along” made.");
    if (chosen.size > largest) return stop(`This file is larger than ${largest >> 20} MB. Choose the zip that “Take everything along” made.`);
    file = chosen;
    begin("Bringing back");
    send(0);
  };
  const send = async (at) => {
    listen();
    sent = at;
    try {
      const content = await base64(file.slice(at, at + link.view.piece));
      link.post({ do: "bring", run, at, of: file.size, content });
    } catch {
      stop("This file cannot be read. Choose it once more.");
    }
  };

  const draw = () => {
    const told = link.view;
    redraw(place,
      h("div", { className: "mapt-buttons" },
        h("button", { "data-k": "pack", "data-focus": true, ...pressed(busy, pack) }, "Take everything along"),
        h("label", { className: "mapt-chooser" }, "Bring it back: choose a zip",
          h("input", { type: "file", accept: ".zip", "data-k": "file",
            click: (event) => busy && event.preventDefault(),
            change: (event) => busy || bring(event.target.files[0]) }))),
      h("p", { className: "mapt-status" }, status),
      !busy && told.zip && h("div", { className: "mapt-key" },
        h("p", null, h("b", null, "Your zip: "), address(told.zip)),
        h("p", { className: "mapt-quiet" }, `It lies in ${told.folder}. Keep it to yourself: what you wrote is in it.`)),
      !busy && told.wrong && h("div", { className: "mapt-verdict mapt-notyet" }, h("p", null, told.wrong)),
      !busy && told.said?.length > 0 && h("div", { className: "mapt-verdict" }, told.said.map((line) => h("p", null, line))));
    status.textContent = busy ? `${busy} … ${told.run === run ? progress(told) : ""}` : told.zip ? `Packed: ${told.files} files.` : told.said ? "Done." : "";
  };
  draw();
  watch(() => {
    const told = link.view;
    if (!busy) return draw();
    if (told.run !== run) return;
    if ("wrong" in told || "said" in told) return stop();
    if (file && told.at > sent && told.at < told.of) {
      draw();
      return send(told.at);
    }
    listen();
    draw();
  });
  return place;
}

function progress(told) {
  if (told.files_of) return `${told.done} of ${told.files_of} files`;
  return told.of ? `${Math.round((100 * told.at) / told.of)} %` : "";
}

/** A link to the zip where this page knows its own address. */
function address(name) {
  const here = location.pathname.match(/^(.*?)\/(?:notebooks|lab\/tree|doc\/tree)\/(.*\/)?[^/]+\/[^/]+\.ipynb$/);
  if (!here) return h("code", null, name);
  return h("a", { href: `${here[1]}/files/${here[2] ?? ""}export/${encodeURIComponent(name)}?download=1`, download: name, "data-k": "zip" }, name);
}

function base64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = failed;
    reader.readAsDataURL(blob);
  });
}

// Finds the page's script: from the server, else (no extension there) through this model.
const version = "VERSION", name = "maptCourse " + version;
async function served() {
  const told = document.getElementById("jupyter-config-data");
  const base = told ? JSON.parse(told.textContent).baseUrl : "/";
  const script = await import(
    new URL(base + "lab/extensions/mapt-course/static/activities/index.js", location.href).href);
  if (script.version !== version) throw new Error("another version");
  return script;
}
function sent(model) {
  return new Promise((done) => {
    model.on("msg:custom", async function take(message) {
      if (!message.sources) return;
      model.off("msg:custom", take);
      const urls = {};
      for (const [file, source] of message.sources) {
        const here = (_, other) => `from "${urls[other]}"`;
        const text = source.replace(/from "\.\/(\w+\.js)"/g, here);
        urls[file] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      }
      const script = await import(urls["index.js"]);
      script.style(message.style);
      done(script);
    });
    model.send({ do: "script" });
  });
}
export default {
  async render({ model, el }) {
    globalThis[name] ??= served().catch(() => sent(model));
    return (await globalThis[name]).render(model, el);
  },
};

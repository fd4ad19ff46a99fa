// The container that JupyterLab asks for (module federation by hand: no build step).
(() => {
  const here = document.currentScript.src;
  let scope;
  /** A module that JupyterLab shares, such as "@jupyterlab/notebook". */
  const shared = async (name) => (await Object.values(scope[name])[0].get())();
  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB["mapt-course"] = {
    init(given) {
      scope = given;
    },
    async get() {
      const { plugin } = await import(new URL("extension.js", here).href);
      const made = await plugin(shared);
      return () => ({ __esModule: true, default: made });
    },
  };
})();

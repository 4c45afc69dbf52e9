/* The worker in which Python runs. It is given all bytes through its port, and has no other way to the outside: its
   policy forbids all requests, and its origin is none that has cookies or storage. */

const PLACE = "https://pyodide.invalid/"; // where Pyodide believes it comes from
const LIVE = "/lib/live";

const given = new Map(); // bytes by name
const network = self.fetch;
self.fetch = async (request, options) => {
  const name = String(request.url ?? request).replace(PLACE, "");
  if (!given.has(name)) return network(request, options);
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  return new Response(given.get(name), { headers: { "Content-Type": type } });
};

const script = (name) => import(URL.createObjectURL(new Blob([given.get(name)], { type: "text/javascript" })));

// A browser tells nobody that a worker has closed itself, so it can't: the reader's Stop ends it.
delete self.close;

const sessions = new Map(); // by page: a page's script may have a program of its own beside the cells

let python, Session;

const answers = {
  async start({ lock, report }) {
    const { loadPyodide } = await script("pyodide.mjs");
    const { default: createPyodideModule } = await script("pyodide.asm.mjs");
    python = await loadPyodide({
      createPyodideModule,
      indexURL: PLACE,
      packageBaseUrl: PLACE,
      lockFileContents: lock,
      env: {
        CHECKED_REPORT: `${LIVE}/checks.json`,
        HOME: "/home/pyodide",
        MATPLOTLIBRC: `${LIVE}/matplotlibrc`,
        MPLBACKEND: "module://publishing.live.python.backend",
        PYTHONHASHSEED: "0",
        SOURCE_DATE_EPOCH: "0",
      },
    });
    for (const archive of ["packages.zip", "worker.zip"])
      python.unpackArchive(given.get(archive), "zip", { extractDir: LIVE });
    python.FS.writeFile(`${LIVE}/checks.json`, new Uint8Array(report));
    python.pyimport("sys").path.append(LIVE);
    Session = python.pyimport("publishing.live.python.session").Session;
  },

  async install({ packages }) {
    await python.loadPackage(packages, { messageCallback() {}, errorCallback() {} });
    const loaded = Object.keys(python.loadedPackages).map((name) => name.toLowerCase()); // it calls pillow Pillow
    const missing = packages.filter((name) => !loaded.includes(name));
    if (missing.length) throw new Error(`${missing.join(", ")} could not be installed`);
  },

  run({ page, root, name, source, alternative }, show) {
    if (!sessions.has(page)) sessions.set(page, Session(show, root));
    return sessions.get(page).run(name, source, alternative);
  },
};

self.onmessage = ({ ports: [port] }) => {
  const show = (kind, text) => port.postMessage({ output: { kind, text } });
  port.onmessage = async ({ data: { ask, files = {}, ...question } }) => {
    try {
      for (const [name, bytes] of Object.entries(files)) given.set(name, bytes);
      port.postMessage({ answer: await answers[ask](question, show) });
    } catch (error) {
      port.postMessage({ error: String(error.message ?? error) });
    } finally {
      given.clear();
    }
  };
};

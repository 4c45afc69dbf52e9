/* Python in the reader's browser: start(packages), run(cell), stop().

   It runs in a worker of a frame that has no origin: no cookies, no storage, no way to this page but one port; and its
   policy forbids all requests. So this page loads what Python needs, and hands it over. */

import { load } from "./loading.js";
import { needed } from "./needs.js";
import program from "./python.worker.js";

const CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "packages.zip", "worker.zip"];

const REPORT = new URL("../../checks.json", import.meta.url); // the build's: what it proved need not be proven again

const FRAME = new URL("frame.html", import.meta.url); // with a policy of its own

export class Stopped extends Error {}

let room; // the frame, its port, and what is installed; none until Python is started
let loading; // ends the loading that is under way

let listed; // what must be loaded, and from where


async function answered(url) {
  const answer = await fetch(url).catch((error) => {
    throw new Error(`${url} could not be loaded (${error.message})`);
  });
  if (!answer.ok) throw new Error(`${url} could not be loaded (status ${answer.status})`);
  return answer;
}

/* Start Python with these modules' packages, or add them to those of a Python that has been started. Returns what
   tells one start from the next. onProgress(loaded, total) counts bytes. Throws Stopped, or an Error that says why. */
export async function start(modules, onProgress = () => {}) {
  const { signal } = (loading = new AbortController());
  listed ??= await answered(new URL("python.json", import.meta.url)).then((answer) => answer.json());
  const { files, lock } = listed;
  const packages = closure(lock, modules.flatMap((module) => needed(listed, module)));
  const names = [...CORE, ...packages.map((name) => lock.packages[name].file_name)];
  const contents = await load(pick(files, names), import.meta.url, onProgress, signal).catch((error) => {
    throw signal.aborted ? new Stopped() : error;
  });
  if (!room) {
    const report = await answered(REPORT).then((answer) => answer.arrayBuffer());
    const opened = await open();
    if (signal.aborted) {
      opened.frame.remove();
      throw new Stopped();
    }
    room = opened;
    await ask(room, { ask: "start", lock, report, files: pick(contents, CORE) });
  }
  const missing = packages.filter((name) => !room.installed.has(name));
  if (missing.length) {
    const wheels = missing.map((name) => lock.packages[name].file_name);
    await ask(room, { ask: "install", packages: missing, files: pick(contents, wheels) });
    for (const name of missing) room.installed.add(name);
  }
  return room;
}

/* Run {page, root, name, source, alternative}: cells with the same `page` share their variables. onOutput({kind, text})
   is told each output. Returns whether the cell went well. Throws Stopped, or an Error if Python itself has broken. */
export async function run(cell, onOutput) {
  room.onOutput = onOutput;
  return ask(room, { ask: "run", ...cell });
}

/* End what is loading or running, at once. The next start takes the bytes that are here. */
export function stop() {
  loading?.abort();
  const ended = room;
  room = undefined;
  ended?.frame.remove();
  ended?.reject?.(new Stopped());
}

/* With all that they depend on, which comes first. */
function closure(lock, names) {
  return [...new Set(names.flatMap((name) => [...closure(lock, lock.packages[name].depends), name]))];
}

function pick(mapping, names) {
  return Object.fromEntries(names.map((name) => [name, mapping[name]]));
}

async function open() {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = "Python";
  frame.setAttribute("sandbox", "allow-scripts");
  frame.src = FRAME;
  const ready = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await ready;
  const { port1: port, port2 } = new MessageChannel();
  frame.contentWindow.postMessage(program, "*", [port2]);
  const opened = { frame, port, installed: new Set() };
  port.onmessage = ({ data }) => {
    if (data.output) opened.onOutput?.(data.output);
    else if ("error" in data) opened.reject?.(new Error(data.error));
    else opened.resolve?.(data.answer);
  };
  return opened;
}

function ask(asked, question) {
  return new Promise((resolve, reject) => {
    Object.assign(asked, { resolve, reject });
    asked.port.postMessage(question);
  });
}

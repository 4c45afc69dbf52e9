/* What the theme's own search finds: `node searching.mjs WORKER`, given {index, queries}, writes the addresses of the
   pages that each query finds, the best first. */
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

let heard;
let answered;
globalThis.self = globalThis;
globalThis.addEventListener = (_, listener) => { heard = listener; };
globalThis.postMessage = (message) => answered(message.data);
runInThisContext(readFileSync(process.argv[2], "utf8"));

const SETUP = 0;
const QUERY = 2;
const ask = (type, data) => new Promise((resolve) => { answered = resolve; heard({ data: { type, data } }); });

const { index, queries } = JSON.parse(readFileSync(0, "utf8"));
await ask(SETUP, { ...index, options: { suggest: false } });
const found = {};
for (const query of queries) {
  const { items } = await ask(QUERY, query);
  found[query] = items.map(([best]) => best.location.split("#")[0]);
}
process.stdout.write(JSON.stringify(found));

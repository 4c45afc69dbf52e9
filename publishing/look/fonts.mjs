// Cuts typefaces to the characters that a site uses. Reads [{from, to, text, axes}, ...]. Usage: node fonts.mjs NODE_MODULES
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const subset = createRequire(join(resolve(process.argv[2]), "x"))("subset-font");

for (const { from, to, text, axes } of JSON.parse(readFileSync(0, "utf8"))) {
  writeFileSync(to, await subset(readFileSync(from), text, { targetFormat: "woff2", variationAxes: axes }));
}

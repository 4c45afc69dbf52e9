// Cuts typefaces to the characters and the features that a site uses. Hints go too: screens of today draw without them, and in
// KaTeX's small faces they are most of the bytes.
// Reads { faces: [{from, to, text, axes}, ...], features }. Usage: node fonts.mjs NODE_MODULES
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const subset = createRequire(join(resolve(process.argv[2]), "x"))("subset-font");
const { faces, features } = JSON.parse(readFileSync(0, "utf8"));

for (const { from, to, text, axes } of faces) {
  const kept = { targetFormat: "woff2", variationAxes: axes, keepFeatures: features, noHinting: true };
  writeFileSync(to, await subset(readFileSync(from), text, kept));
}

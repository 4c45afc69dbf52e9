// What the browser would load for programs. Usage: node needs.mjs FOLDER_OF_NEEDS_JS, with {listed, programs} as input
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { imported, needed } = await import(pathToFileURL(join(process.argv[2], "needs.js")));
const { listed, programs } = JSON.parse(readFileSync(0, "utf8"));
const answers = programs.map((program) => imported(program).flatMap((module) => needed(listed, module)));
process.stdout.write(JSON.stringify(answers));

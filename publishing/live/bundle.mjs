// Writes the browser's scripts into a folder, each with what it imports. Usage: node bundle.mjs NODE_MODULES SOURCES TO
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, sources, to] = process.argv.slice(2).map((path) => resolve(path));
const { build } = await import(pathToFileURL(join(modules, "esbuild", "lib", "main.js")));

/* CodeMirror's styles go into the document's list of sheets, where it would only do so in a shadow tree: the policy of the
   pages forbids elements with styles. */
const adopted = {
  name: "adopted",
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]style-mod\.js$/ }, ({ path }) => {
    const source = readFileSync(path, "utf8");
    const contents = source.replace("!root.head && root.adoptedStyleSheets", "root.adoptedStyleSheets");
    if (contents === source) throw new Error("style-mod has changed: its styles would be forbidden");
    return { contents, loader: "js" };
  }),
};

const { metafile } = await build({
  absWorkingDir: sources,
  entryPoints: ["cells.js", "program.js", "tool.js"],
  outdir: to,
  nodePaths: [modules],
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: "es2022",
  loader: { ".worker.js": "text" },
  legalComments: "none",
  metafile: true,
  plugins: [adopted],
  logLevel: "error",
});

// Their licences want to go with them.
const packages = Object.keys(metafile.inputs).map((file) => file.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
const licences = [...new Set(packages.filter(Boolean))].sort().map((name) => {
  const folder = join(modules, name);
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(to, "LICENSES.txt"), licences.join("\n\n"));

// Reads [[latex, isDisplayed], ...] and writes [{html} or {error}, ...]. Usage: node katex.mjs PATH_OF_KATEX_MJS
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: katex } = await import(pathToFileURL(process.argv[2]));

const options = {
  output: "htmlAndMathml",
  // \htmlClass and \htmlData tie a term of a formula to an edge of a drawing.
  trust: ({ command }) => ["\\htmlClass", "\\htmlData", "\\htmlId"].includes(command),
  strict: (problem) => (problem === "htmlExtension" ? "ignore" : "error"),
};

const typeset = ([latex, displayMode]) => {
  try {
    return { html: katex.renderToString(latex, { ...options, displayMode }) };
  } catch (error) {
    return { error: error.message };
  }
};

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(typeset)));

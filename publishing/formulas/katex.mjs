// Reads [[latex, isDisplayed], ...] and writes [{html} or {error}, ...]. Usage: node katex.mjs PATH_OF_KATEX_MJS
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { options } from "./katex-options.mjs";

const { default: katex } = await import(pathToFileURL(process.argv[2]));

const typeset = ([latex, displayMode]) => {
  try {
    return { html: katex.renderToString(latex, { ...options, displayMode }) };
  } catch (error) {
    return { error: error.message };
  }
};

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(typeset)));

// Reads [file, ...] and writes what html-validate says of them: [{file, rule, line, selector, message}, ...].
// Usage: node html.mjs NODE_MODULES
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const packages = pathToFileURL(`${process.argv[2]}/`);
const { HtmlValidate } = await import(new URL("html-validate/dist/esm/index.js", packages));

const validator = new HtmlValidate({ extends: ["html-validate:recommended"] });

const validate = async (file) => {
  const { results } = await validator.validateString(readFileSync(file, "utf8"), file);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, selector, message }) => ({ file, rule: ruleId, line, selector, message })),
  );
};

const files = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify((await Promise.all(files.map(validate))).flat()));

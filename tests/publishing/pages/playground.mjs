/* What the playground makes of addresses: `node playground.mjs FOLDER QUESTIONS`, where FOLDER has its modules, and
   QUESTIONS are the usual settings and the fragments, as JSON. Answers with its program for each, too. */

import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder, questions] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(join(folder, name)));
const { SETTINGS, asked, written } = await module("settings.js");
const { Training } = await module("training.js");
const { usual, fragments } = JSON.parse(questions);

const training = new Training(1.3, {});
const answers = fragments.map((fragment) => {
  const found = asked(fragment, usual);
  return found && { ...found, address: written(found.settings), program: training.beginning(found.settings) };
});
training.restart();
const values = Object.fromEntries(Object.entries(SETTINGS).map(([name, setting]) => [name, setting.values]));
process.stdout.write(JSON.stringify({ answers, values, again: training.beginning(usual) }));

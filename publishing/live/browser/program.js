/* A program that a page's own script has in the reader's Python, and asks for one thing after another:

     const program = new Program({ load(bytes, total) {}, begun() {} });
     const { well, frames, message } = await program.ask("x = 1", "x += 1; frame({'x': x})");

   The first text begins the program: it runs once, and anew when it changes or Python was stopped. The second is the
   question. What either hands to `publishing.live.python.session.frame` comes back in `frames`. */

import { Page, stop } from "./page.js";

export class Program {
  constructor(told) {
    this.told = told;
    this.page = new Page([{ source: "" }, { source: "" }]);
  }

  /* `message` says why it didn't go well: what failed, or that it was stopped. */
  async ask(beginning, question) {
    const frames = [];
    let message = "";
    let error = "";
    const keep = ({ kind, text }) => {
      if (kind === "frame") frames.push(JSON.parse(text));
      if (kind === "error") error = text.trimEnd().split("\n").at(-1);
    };
    const end = (said) => (message = said);
    const bar = { ...quiet, ...this.told, end, fail: end, output: () => ({ add: keep }) };
    this.page.cell(1).source = beginning;
    Object.assign(this.page.cell(2), { source: question, ran: undefined });
    const well = await this.page.run(2, new Map([[1, bar], [2, bar]]));
    return { well, frames, message: well ? "" : error || message };
  }

  /* End what is loading or running, at once. */
  stop() {
    stop();
  }
}

/* What a cell's bar would say and show. */
const quiet = { load() {}, begun() {}, say() {}, put() {} };

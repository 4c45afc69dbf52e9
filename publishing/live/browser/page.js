/* The cells of one page, which run as in a notebook: first those before the one that is asked for, if they have not run
   as they now are. */

import { Output } from "./output.js";
import { imported } from "./needs.js";
import { run, start, stop, Stopped } from "./python.js";

const root = new URL("../..", import.meta.url).href;

let pages = 0;
let busy = false;

export class Page {
  constructor(cells) {
    this.id = ++pages;
    this.cells = cells.map((cell, index) => ({ ...cell, number: index + 1, built: cell.source }));
    for (const cell of this.cells) this.shows(cell, this.sources(cell));
  }

  cell(number) {
    return this.cells[number - 1];
  }

  /* What a cell's output depends on: its own source, and those of the cells before it. */
  sources({ number }) {
    return this.cells.slice(0, number).map(({ source }) => source);
  }

  /* A cell shows the output of these sources from now on. */
  shows(cell, sources) {
    cell.shown = sources;
  }

  /* The numbers of the cells that have changed since the output of cell `number` was made. */
  changed(number) {
    const { shown } = this.cell(number);
    return this.cells.slice(0, number).flatMap(({ source }, index) => (source === shown[index] ? [] : index + 1));
  }

  /* Have the cell `number` as it was built. */
  reset(number) {
    const cell = this.cell(number);
    cell.source = cell.built;
    this.shows(cell, this.cells.slice(0, number).map(({ built }) => built));
  }

  /* Run the cell `number`. `bars` has the bar of each cell that has one, by number. Returns whether it went well. */
  async run(number, bars) {
    const bar = bars.get(number);
    if (busy) {
      bar.end("Python is busy with another cell: stop that one first.");
      return false;
    }
    busy = true;
    const began = performance.now();
    try {
      const upTo = this.cells.slice(0, number);
      const modules = upTo.flatMap(({ source, given = "" }) => imported(`${source}\n${given}`));
      const room = await start(modules, (bytes, total) => bar.load(bytes, total));
      bar.begun();
      if (room !== this.room) this.forget(0);
      this.room = room;
      const stale = upTo.findIndex(({ ran, source }) => ran !== source);
      for (const cell of upTo.slice(stale < 0 ? -1 : stale)) {
        if (await this.runOne(cell, bars.get(cell.number), bar)) continue;
        const which = cell.number === number ? "This cell" : `Cell ${cell.number}, which comes first,`;
        bar.end(`${which} ended with an error`);
        return false;
      }
      bar.end(`Done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
      return true;
    } catch (error) {
      stop();
      if (error instanceof Stopped) bar.end("Stopped");
      else bar.fail(`Python can't run here: ${error.message}.`);
      return false;
    } finally {
      busy = false;
    }
  }

  async runOne(cell, own, asked) {
    asked.say(own === asked ? "Running …" : `Running cell ${cell.number} first …`);
    const { source, alternative } = cell;
    const sources = this.sources(cell);
    if (cell.ran !== source) this.forget(cell.number);
    cell.ran = undefined;
    const output = own?.output?.() ?? new Output(own?.parentElement);
    const put = () => {
      this.shows(cell, sources);
      own?.put(output.element);
    };
    const question = { page: this.id, root, name: `cell ${cell.number}`, source, alternative };
    const well = await run(question, (shown) => {
      output.add(shown);
      put();
    });
    put();
    if (well) cell.ran = source;
    return well;
  }

  /* What ran after a cell that has changed, has run on what is no more. */
  forget(from) {
    for (const cell of this.cells.slice(from)) cell.ran = undefined;
  }
}

export { stop };

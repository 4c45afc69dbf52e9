/* The bar of a live cell: Run, Stop, Edit, Reset. Nothing more is loaded until the reader presses Run or Edit. */

const NAMES = { run: "Run", stop: "Stop", edit: "Edit", reset: "Reset" };

/* What is said of an output that was made of other code, and of a run that could not be made. */
const AWAY = "The output was put away: it belongs to the code before your change. Run the code to get its own.";
const BEFORE = "This output was made before the code above it was changed. Run this cell to renew it.";
const UNASKED = "No answer: your code was not run.";
const OTHER = "The output below is not of this run.";

const articles = new WeakMap(); // the cells' page by the article that they are in, and their bars by number
let loaded = 0; // megabytes that are here by now

async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.url} could not be loaded (status ${answer.status})`);
  return answer.json();
}

if (!customElements.get("live-cell")) customElements.define("live-cell", class extends HTMLElement {
  connectedCallback() {
    if (this.bars) return;
    const article = this.closest("article");
    if (!articles.has(article)) articles.set(article, { bars: new Map() });
    this.shared = articles.get(article);
    this.bars = this.shared.bars.set(Number(this.dataset.cell), this);
    this.code = this.parentElement.querySelector(".cell-code");
    this.built = this.shown = this.parentElement.querySelector(".cell-built");
    this.role = "group";
    this.ariaLabel = `Cell ${this.dataset.cell}`;
    this.buttons = Object.fromEntries(Object.entries(NAMES).map(([name, text]) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: text });
      button.addEventListener("click", () => this[name]().catch((error) => this.fail(`That failed: ${error.message}.`)));
      return [name, button];
    }));
    this.progress = document.createElement("progress");
    this.progress.ariaLabel = "Loading Python";
    this.status = document.createElement("span");
    this.status.role = "status";
    this.append(...Object.values(this.buttons), this.progress, this.status);
    this.notice = document.createElement("p");
    this.notice.className = "cell-notice";
    this.notice.role = "status";
    this.after(this.notice);
    this.buttons.stop.hidden = this.progress.hidden = true;
    this.close();
    this.label();
  }

  disconnectedCallback() {
    if (!this.buttons.stop.hidden) this.stop();
  }

  /* What the reader presses */

  async run() {
    if (!this.buttons.stop.hidden) return;
    this.begin();
    const { page } = await this.page();
    if (this.stopped) return this.end("Stopped");
    await page.run(this.cell, this.bars);
    this.judgeAll();
  }

  async stop() {
    this.stopped = true;
    const { stop } = await this.page();
    stop();
  }

  async edit() {
    const [{ page }, { edit }] = await Promise.all([this.page(), import("./editor.js")]);
    if (!this.editor) {
      const place = document.createElement("div");
      place.className = "cell-editor";
      if (this.code) this.code.hidden = true;
      this.before(place);
      const name = `Code of cell ${this.cell}`;
      this.editor = edit(place, page.cell(this.cell).source, name, () => this.run(), (source) => {
        page.cell(this.cell).source = source;
        this.failure = "";
        this.judgeAll();
      });
      this.buttons.edit.hidden = true;
      this.buttons.run.hidden = this.buttons.reset.hidden = false;
      this.classList.remove("quiet");
    }
    this.editor.focus();
  }

  /* Show the code as the page does. Where it shows none, there is one button, which shows it. */
  close() {
    this.editor?.dom.parentElement.remove();
    this.editor = undefined;
    if (this.code) this.code.hidden = false;
    this.classList.toggle("quiet", !this.code);
    this.buttons.edit.textContent = this.code ? NAMES.edit : "Show the code";
    this.buttons.run.hidden = !this.code;
    this.buttons.edit.hidden = false;
    this.buttons.reset.hidden = true;
  }

  async reset() {
    const { page } = await this.page();
    page.reset(this.cell);
    this.failure = "";
    this.put(this.built);
    this.judgeAll();
    this.close();
    this.buttons.edit.focus();
    this.say("As it was built");
  }

  /* What a run tells */

  begin() {
    this.stopped = false;
    this.failure = "";
    this.judge();
    this.buttons.run.ariaDisabled = "true";
    this.buttons.stop.hidden = false;
    this.progress.hidden = false;
    this.progress.removeAttribute("value");
    this.say("Loading Python …");
  }

  load(bytes, total) {
    Object.assign(this.progress, { max: total, value: bytes });
    if (bytes === total) this.say("Starting Python …");
  }

  begun() {
    this.progress.hidden = true;
    loaded = Math.max(loaded, Number(this.dataset.load));
    for (const bar of this.bars.values()) bar.label();
  }

  end(message) {
    const { run, stop } = this.buttons;
    run.ariaDisabled = null;
    if (document.activeElement === stop) run.focus();
    stop.hidden = this.progress.hidden = true;
    this.say(message);
  }

  /* Nothing could be run: this is said where the output would be. */
  fail(message) {
    this.end("");
    this.failure = message;
    this.judge();
  }

  say(message) {
    this.status.textContent = message;
  }

  /* No output outlives the code that it is about: it is put away when its cell changes, and marked when one before does. */
  judge() {
    const changed = this.shared.cells?.changed(this.cell) ?? [];
    const away = changed.includes(this.cell);
    const before = changed.length > 0 && !away;
    this.shown.hidden = away;
    this.shown.classList.toggle("stale", before);
    const told = this.failure ? `${this.failure} ${away ? UNASKED : OTHER}` : away ? AWAY : before ? BEFORE : "";
    if (this.notice.textContent !== told) this.notice.textContent = told;
  }

  judgeAll() {
    for (const bar of this.bars.values()) bar.judge();
  }

  /* Put this element in the place of what the cell shows. */
  put(element) {
    if (this.shown !== element) this.shown.replaceWith(element);
    this.shown = element;
    if (element !== this.built) this.buttons.reset.hidden = false;
    this.judge();
  }

  get cell() {
    return Number(this.dataset.cell);
  }

  /* The page that this cell is in, with the scripts that it needs. */
  page() {
    this.shared.page ??= Promise.all([import("./page.js"), read(this.dataset.cells)])
      .then(([{ Page, stop }, cells]) => ({ page: (this.shared.cells = new Page(cells)), stop }))
      .catch((error) => {
        this.shared.page = undefined;
        throw error;
      });
    return this.shared.page;
  }

  label() {
    const missing = Number(this.dataset.load) - loaded;
    this.buttons.run.textContent = missing > 0 ? `Run (loads ${missing} MB once)` : "Run";
  }
});

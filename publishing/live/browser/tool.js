/* A page's tool: a form whose fields are names in a program, which Python runs in the reader's browser.

   The page says what it is about, as JSON: `fields`, `examples` with a value for each (text, or its lines), `button`,
   and the lines of `program`. The address keeps what the fields hold in its fragment, which no browser sends. */

import { Output } from "./output.js";
import { Page, stop } from "./page.js";
import { element } from "./element.js";

const AWAY = "The answer was put away: it belongs to the text before your change.";
const UNASKED = "No answer: what you wrote was not run.";
const PAUSE = 300; // milliseconds without a change, after which the address takes the text: browsers limit how often

customElements.define("page-tool", class extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    this.about = JSON.parse(this.querySelector("script").textContent);
    this.page = new Page([{ source: "" }]);
    this.notice = element("p", { class: "cell-notice", role: "status" });
    this.answer = element("div", { class: "answer" });
    this.replaceChildren(this.made(), this.notice, this.answer);
    this.take(this.kept() ?? Object.values(this.about.examples)[0]);
  }

  disconnectedCallback() {
    clearTimeout(this.later);
    if (this.isRunning) stop();
  }

  made() {
    const { fields, examples, button } = this.about;
    const choices = Object.keys(examples).map((name) => element("option", {}, name));
    this.example = element("select", {}, ...choices);
    this.example.addEventListener("change", () => {
      this.take(examples[this.example.value]);
      this.changed();
    });
    const megabytes = document.querySelector("live-cell").dataset.load;
    this.go = element("button", { type: "submit", class: "go" }, `${button} (loads ${megabytes} MB once)`);
    this.halt = element("button", { type: "button", hidden: "" }, "Stop");
    this.progress = element("progress", { "aria-label": "Loading Python", hidden: "" });
    this.status = element("span", { role: "status" });
    this.form = element("form", { "aria-label": this.dataset.name },
      element("label", {}, "Start from ", this.example),
      ...fields.map(({ label, ...field }) => element("label", { class: "field" }, label, control(field))),
      element("p", { class: "run" }, this.go, this.halt, this.progress, this.status));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.form.addEventListener("input", (event) => event.target !== this.example && this.changed());
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
    this.halt.addEventListener("click", stop);
    window.addEventListener("hashchange", () => {
      if (!this.kept()) return;
      this.take(this.kept());
      this.judge();
    });
    return this.form;
  }

  get values() {
    return Object.fromEntries(this.about.fields.map(({ name }) => [name, this.form.elements[name].value]));
  }

  get text() {
    return new URLSearchParams(this.values).toString();
  }

  take(values) {
    for (const { name } of this.about.fields) this.form.elements[name].value = [values[name] ?? ""].flat().join("\n");
  }

  /* What the address holds; nothing, if it is that of a heading. */
  kept() {
    const held = new URLSearchParams(location.hash.slice(1));
    return held.has(this.about.fields[0].name) ? Object.fromEntries(held) : undefined;
  }

  changed() {
    this.judge();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.keep(), PAUSE);
  }

  keep() {
    history.replaceState(null, "", `#${this.text}`);
  }

  /* No answer outlives the text that it is about, nor comes when the text is another by then. */
  judge() {
    const away = this.asked !== this.text;
    this.answer.hidden = away;
    this.notice.textContent = !away ? this.failure : this.answer.hasChildNodes() ? AWAY : "";
  }

  async run() {
    if (this.isRunning) return;
    this.begin();
    const names = Object.entries(this.values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    const source = [...names, ...this.about.program].join("\n");
    const given = Object.values(this.values).join("\n"); // what it imports is loaded, too
    Object.assign(this.page.cell(1), { source, given, ran: undefined });
    await this.page.run(1, new Map([[1, this]]));
  }

  /* What a run tells its bar */

  begin() {
    this.isRunning = true;
    this.asked = this.text;
    this.failure = "";
    this.answer.replaceChildren();
    this.judge();
    this.go.ariaDisabled = "true";
    this.halt.hidden = this.progress.hidden = false;
    this.progress.removeAttribute("value");
    this.say("Loading Python …");
  }

  load(bytes, total) {
    Object.assign(this.progress, { max: total, value: bytes });
    if (bytes === total) this.say("Starting Python …");
  }

  begun() {
    this.progress.hidden = true;
    this.go.textContent = this.about.button;
  }

  end(message) {
    this.isRunning = false;
    this.go.ariaDisabled = null;
    if (document.activeElement === this.halt) this.go.focus({ preventScroll: true });
    this.halt.hidden = this.progress.hidden = true;
    this.say(message);
    this.answer.scrollIntoView({ block: "nearest" });
  }

  fail(message) {
    this.end("");
    this.failure = `${message} ${UNASKED}`;
    this.judge();
  }

  say(message) {
    this.status.textContent = message;
  }

  output() {
    return new Output();
  }

  put(shown) {
    this.answer.replaceChildren(shown);
    this.judge();
  }
});

function control({ name, rows, hint = "" }) {
  const common = { name, spellcheck: "false", autocomplete: "off", autocapitalize: "off", placeholder: hint };
  return rows ? element("textarea", { ...common, rows }) : element("input", { ...common, type: "text" });
}

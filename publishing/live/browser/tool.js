/* A page's tool: a form whose fields are names in a program, which Python runs in the reader's browser.

   The page says what it is about, as JSON: `fields`, `examples` with a value for each, `button`, and the lines of
   `program`. The address keeps what the fields hold in its fragment, which no browser sends. */

import { Output } from "./output.js";
import { Page, stop } from "./page.js";
import { element } from "./picture.js";

const AWAY = "The answer was put away: it belongs to the text before your change.";

customElements.define("page-tool", class extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    this.about = JSON.parse(this.querySelector("script").textContent);
    this.page = new Page([{ source: "" }]);
    this.notice = element("p", { class: "cell-notice", role: "status" });
    this.answer = element("div");
    this.replaceChildren(this.made(), this.notice, this.answer);
    this.take(this.kept() ?? Object.values(this.about.examples)[0]);
  }

  disconnectedCallback() {
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
    return this.form;
  }

  get values() {
    return Object.fromEntries(this.about.fields.map(({ name }) => [name, this.form.elements[name].value]));
  }

  take(values) {
    for (const { name } of this.about.fields) this.form.elements[name].value = values[name] ?? "";
  }

  /* What the address holds; nothing, if it is that of a heading. */
  kept() {
    const held = new URLSearchParams(location.hash.slice(1));
    return held.has(this.about.fields[0].name) ? Object.fromEntries(held) : undefined;
  }

  changed() {
    history.replaceState(null, "", `#${new URLSearchParams(this.values)}`);
    if (this.answer.hidden || !this.answer.hasChildNodes()) return;
    this.answer.hidden = true;
    this.notice.textContent = AWAY;
  }

  async run() {
    if (this.isRunning) return;
    this.begin();
    const given = Object.entries(this.values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    const cell = this.page.cell(1);
    cell.source = [...given, ...this.about.program].join("\n");
    cell.ran = undefined;
    await this.page.run(1, new Map([[1, this]]));
  }

  /* What a run tells its bar */

  begin() {
    this.isRunning = true;
    this.answer.replaceChildren();
    this.answer.hidden = false;
    this.notice.textContent = "";
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
    if (document.activeElement === this.halt) this.go.focus();
    this.halt.hidden = this.progress.hidden = true;
    this.say(message);
  }

  fail(message) {
    this.end("");
    this.notice.textContent = message;
  }

  say(message) {
    this.status.textContent = message;
  }

  output() {
    return new Output();
  }

  put(shown) {
    this.answer.replaceChildren(shown);
  }
});

function control({ name, rows, hint = "" }) {
  const common = { name, spellcheck: "false", autocomplete: "off", autocapitalize: "off", placeholder: hint };
  return rows ? element("textarea", { ...common, rows }) : element("input", { ...common, type: "text" });
}

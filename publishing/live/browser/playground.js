/* The playground: controls for a training run, which Python makes in the reader's browser, and its picture. */

import { Output } from "./output.js";
import { Page, stop } from "./page.js";
import { Curve, Plane, element } from "./picture.js";

/* What can be set: the names are those of the page's first cell, which the controls fill in. */
const CONTROLS = {
  data: { label: "Data", choices: ["spiral", "rings", "clusters"] },
  classes: { label: "Classes", min: 2, max: 6, step: 1 },
  points: { label: "Points of each class", min: 2, max: 300, step: 1 },
  noise: { label: "Noise", min: 0, max: 2, step: 0.01 },
  h: { label: "Hidden units", min: 1, max: 200, step: 1 },
  learning_rate: { label: "Learning rate", min: 0.001, max: 100, step: "any" },
  lam: { label: "Regularization", min: 0, max: 10, step: "any" },
  updates: { label: "Updates", min: 1, max: 20000, step: 1 },
  seed: { label: "Random seed", min: 0, max: 9999, step: 1 },
};

const TRAIN = `from publishing.live.python.playground import watch
from netcode.plot import COLORS
watch(rows, y, SIDE, train(X, Y, **network), COLORS)`;

customElements.define("training-playground", class extends HTMLElement {
  async connectedCallback() {
    if (this.page) return;
    const answer = await fetch(document.querySelector("live-cell").dataset.cells);
    if (!answer.ok) throw new Error(`${answer.url} could not be loaded (status ${answer.status})`);
    this.page = new Page(await answer.json());
    this.last = 1 + this.page.cells.findIndex(({ source }) => source.includes("= train(X, Y"));
    this.page.cell(this.last).source = TRAIN;
    const megabytes = document.querySelector(`#cell-${this.last} live-cell`).dataset.load;
    this.replaceChildren(this.controls(megabytes), this.picture());
  }

  disconnectedCallback() {
    if (this.isRunning) stop();
  }

  controls(megabytes) {
    const built = this.page.cell(1).source;
    const fields = Object.entries(CONTROLS).map(([name, control]) => {
      const value = new RegExp(`"${name}": "?([^",]*)`).exec(built)[1];
      return element("label", {}, `${control.label} `, control.choices ? choice(name, control, value) : number(name, control, value));
    });
    this.train = element("button", { type: "submit" }, `Train (loads ${megabytes} MB once)`);
    this.halt = element("button", { type: "button", hidden: "" }, "Stop");
    this.progress = element("progress", { "aria-label": "Loading Python", hidden: "" });
    this.status = element("span", { role: "status" });
    this.form = element("form", { "aria-label": "The network and its data" }, ...fields,
      element("p", { class: "run" }, this.train, this.halt, this.progress, this.status));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.run();
    });
    this.form.addEventListener("input", () => this.tell(true));
    this.halt.addEventListener("click", stop);
    return this.form;
  }

  picture() {
    this.plane = new Plane();
    this.curve = new Curve();
    this.result = element("p", { class: "result" });
    this.messages = element("div");
    this.drawings = element("div", { class: "drawings", hidden: "" }, this.plane.element, this.curve.element);
    return element("div", {}, this.drawings, this.result, this.messages);
  }

  /* The picture is of the settings that it was made with: once these have changed, it says so. */
  tell(aged = this.aged) {
    this.aged = aged;
    this.drawings.classList.toggle("stale", aged);
    if (this.said) this.result.textContent = (aged ? "With the settings before your change: " : "") + this.said;
  }

  async run() {
    if (this.isRunning) return;
    this.begin();
    const settings = Object.fromEntries(Object.entries(CONTROLS).map(([name, { choices }]) => {
      const { value } = this.form.elements[name];
      return [name, choices ? value : Number(value)];
    }));
    this.updates = settings.updates;
    this.page.cell(1).source = `settings = ${JSON.stringify(settings)}`;
    this.page.cell(this.last).ran = undefined;
    this.messages.replaceChildren();
    await this.page.run(this.last, new Map(this.page.cells.map(({ number }) => [number, this])));
  }

  show({ points, reach, colors, losses, right, regions }) {
    this.drawings.hidden = false;
    if (points) return this.plane.show(points, reach, colors);
    const [update, loss] = losses.at(-1);
    this.plane.colour(regions);
    this.curve.draw(losses, this.updates);
    this.said =
      `Update ${update.toLocaleString("en")}: loss ${loss.toPrecision(4)}, ${(100 * right).toFixed(1)} % of the points right.`;
    this.tell();
    this.plane.points.ariaLabel = `The plane in the colours of the classes that the network gives to its places. ${this.said}`;
    this.curve.element.ariaLabel = `The loss against the update, on logarithmic axes: from ${losses[0][1].toPrecision(3)} to ${loss.toPrecision(3)}.`;
  }

  /* What a run tells its bar */

  begin() {
    this.isRunning = true;
    this.made = this.aged;
    this.aged = false;
    this.train.ariaDisabled = "true";
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
    this.train.textContent = "Train";
  }

  end(message) {
    this.isRunning = false;
    this.train.ariaDisabled = null;
    if (document.activeElement === this.halt) this.train.focus();
    this.halt.hidden = this.progress.hidden = true;
    this.say(message);
  }

  fail(message) {
    this.tell(this.made);
    this.end(message);
  }

  say(message) {
    this.status.textContent = message;
  }

  output() {
    return new Frames(this);
  }

  put(messages) {
    this.messages.replaceChildren(messages);
  }
});

/* The outputs of the run: frames are drawn, and whatever else there is stands below. */
class Frames extends Output {
  constructor(playground) {
    super();
    this.playground = playground;
  }

  add(shown) {
    if (shown.kind === "frame") this.playground.show(JSON.parse(shown.text));
    else super.add(shown);
  }
}

function choice(name, { choices }, value) {
  const made = element("select", { name }, ...choices.map((text) => element("option", {}, text)));
  made.value = value;
  return made;
}

function number(name, { min, max, step }, value) {
  return element("input", { type: "number", name, min, max, step, value, required: "" });
}

/* The playground: its picture, Play and Step, sliders, and what there is to look at while a network learns. */

import { Controls } from "./controls.js";
import { Curve } from "./curve.js";
import { element } from "./element.js";
import { Layer } from "./layer.js";
import { Plane } from "./plane.js";
import { asked, written } from "./settings.js";
import { Training } from "./training.js";

const FRAME = 80; // milliseconds from one picture to the next
const CALM = 1000; // and for a reader who wants less motion
const PAUSE = 250; // without a change, before what has changed is shown, and the address holds it
const FORMER = "This picture was made with the settings before your change.";

if (!customElements.get("training-playground")) customElements.define("training-playground", class extends HTMLElement {
  connectedCallback() {
    if (this.controls) return;
    if (this.closest(".cell")) return this.leave(this.closest(".cell"));
    const { settings, ...look } = JSON.parse(this.dataset.about);
    this.usual = settings;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.figure = this.querySelector("figure");
    this.plane = new Plane(this.figure, look);
    this.curve = new Curve();
    this.layer = new Layer(() => this.changed());
    this.controls = new Controls(() => this.changed());
    this.training = new Training(look.reach, {
      load: (bytes, total) => this.load(bytes, total),
      begun: () => this.begun(),
    });
    this.lay();
    this.set(settings);
    this.shown = key(settings);
    this.take(location.hash);
    window.addEventListener("hashchange", this.onAddress = () => this.take(location.hash));
    for (const place of document.querySelectorAll("[data-settings]")) link(place);
  }

  /* Out of the cell that made it, which shows its picture anew whenever a later cell of the page runs. */
  leave(cell) {
    cell.before(this);
    cell.hidden = true;
  }

  disconnectedCallback() {
    if (!this.controls) return;
    this.pause();
    clearTimeout(this.later);
    window.removeEventListener("hashchange", this.onAddress);
    if (this.asking) this.training.stop();
  }

  lay() {
    const button = (name, text, pressed) => {
      const made = element("button", { type: "button", class: name }, text);
      made.addEventListener("click", pressed);
      return made;
    };
    this.offered = `Play (loads ${document.querySelector("live-cell").dataset.load} MB once)`;
    this.button = button("go", this.offered, () => (this.isPlaying || this.isLoading ? this.halt() : this.play()));
    this.stepper = button("step", "Step", () => this.step());
    this.again = button("again", "Start again", () => this.restart());
    this.progress = element("progress", { "aria-label": "Loading Python", hidden: "" });
    this.status = element("p", { class: "status", role: "status" });
    this.notice = element("p", { class: "cell-notice", role: "status" });
    this.address = element("a", { class: "address" }, "Link to these settings");
    this.told = [".now", ".of"].map((part) => this.figure.querySelector(part));
    this.loss = element("figure", { class: "loss", hidden: "" }, this.curve.element, element("figcaption", {}, "The loss, on a logarithmic axis"));
    this.layer.element.hidden = true;
    this.figure.append(this.notice);
    this.querySelector(".side").replaceChildren(
      element("div", { class: "run" }, this.button, this.stepper, this.again, this.progress), this.status, this.controls.element, this.address);
    this.querySelector(".stage").append(this.loss);
    this.append(this.layer.element);
  }

  /* The settings that an address holds, if it holds some. */
  take(fragment) {
    const found = asked(fragment, this.usual);
    if (!found) return undefined;
    if (written(found.settings) !== written(this.controls.settings) || found.faults.length) {
      this.set(found.settings);
      this.changed({ keep: false });
    }
    this.say(found.faults.join(" "));
    return found;
  }

  set(settings) {
    this.controls.settings = settings;
    this.address.href = `#${written(this.controls.settings)}`;
  }

  /* After a change the picture is of the former settings, until it is made anew: at once if Python is there. */
  changed({ keep = true } = {}) {
    this.address.href = `#${written(this.controls.settings)}`;
    this.judge();
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      if (keep) history.replaceState(null, "", this.address.href);
      if (this.isReady && !this.isPlaying) this.advance(0);
    }, PAUSE);
  }

  judge() {
    const former = this.shown !== key(this.controls.settings);
    this.classList.toggle("former", former);
    const told = [this.failure, former ? FORMER : ""].filter(Boolean).join(" ");
    if (this.notice.textContent !== told) this.notice.textContent = told;
  }

  /* What the reader presses */

  async play() {
    let count = this.isFinished ? this.rewind() : 1;
    this.isPlaying = true;
    this.label();
    do {
      const began = performance.now();
      if (!(await this.advance(count))) return;
      await new Promise(requestAnimationFrame);
      count = this.pace(count, performance.now() - began);
    } while (this.isPlaying && !this.isFinished);
    const ended = this.isPlaying;
    this.pause();
    this.say(`${ended ? "The end." : "Paused."} ${this.told[0].textContent}`);
  }

  async step() {
    if (this.isPlaying) this.pause();
    if (this.isFinished) return this.say(`All ${this.controls.settings.updates.toLocaleString("en")} updates are made: start again, or raise their number.`);
    if (await this.advance(1)) this.say(this.told[0].textContent);
  }

  async restart() {
    if (await this.advance(this.rewind())) this.say(this.told[0].textContent);
  }

  /* To update 0, with the next question; returns how many updates that asks for. */
  rewind() {
    this.training.restart();
    this.update = 0;
    return 0;
  }

  halt() {
    if (this.isLoading) this.training.stop();
    this.pause();
  }

  pause() {
    this.isPlaying = false;
    this.label();
  }

  /* As many updates as time allows; few in the beginning, where they change most. */
  pace(count, milliseconds) {
    if (this.update === 0) return 1;
    const { matches: calm } = this.calm;
    const affordable = Math.max(1, Math.floor(count * Math.min(2, (calm ? CALM : FRAME) / milliseconds)));
    const most = calm ? Math.ceil(this.controls.settings.updates / 10) : 1 + Math.floor(this.update / 20);
    return Math.min(affordable, most, this.controls.settings.updates - this.update);
  }

  get isFinished() {
    const { settings } = this.controls;
    return this.isReady && this.shown === key(settings) && this.update >= settings.updates;
  }

  /* One question after another. Returns whether there is a new picture. */
  advance(count) {
    const before = this.asking ?? Promise.resolve();
    const asking = before.then(() => this.ask(count)).finally(() => {
      if (this.asking === asking) this.asking = undefined;
    });
    return (this.asking = asking);
  }

  async ask(count) {
    const { settings } = this.controls;
    const anew = key(settings) !== this.shown;
    this.layer.offer([2, ...settings.hidden, settings.classes]);
    if (!this.isReady) this.loading();
    const { seen, points, message } = await this.training.advance(settings, anew ? Math.min(count, 1) : count, this.layer.number)
      .catch((error) => ({ message: `Python can't run here: ${error.message}.` }));
    if (points) this.begin(points, settings);
    if (!seen) return this.fail(message);
    this.failure = "";
    this.shown = key(settings);
    this.show(seen, settings);
    return true;
  }

  begin({ rows, classes }) {
    this.losses = [];
    this.plane.place(rows, classes);
    this.count = rows.length;
    this.isReady = true;
  }

  show(seen, settings) {
    const { update, loss, right, regions } = seen;
    this.update = update;
    if (this.losses.at(-1)?.[0] !== update) this.losses.push([update, loss]);
    const said = `After ${update.toLocaleString("en")} update${update === 1 ? "" : "s"}: loss ${loss < 1e6 ? loss.toFixed(4) : loss.toExponential(1)}, ${(100 * right).toFixed(1)}% of ${this.count} points right.`;
    this.told[0].textContent = said;
    this.told[1].textContent = "";
    this.plane.colour(regions, said);
    this.curve.draw(this.losses, settings.updates);
    this.layer.show(seen);
    this.loss.hidden = this.layer.element.hidden = false;
    this.label();
    this.judge();
  }

  /* What the loading tells */

  loading() {
    this.isLoading = true;
    this.failure = "";
    this.progress.hidden = false;
    this.progress.removeAttribute("value");
    this.label();
    this.say("Loading Python …");
  }

  load(bytes, total) {
    Object.assign(this.progress, { max: total, value: bytes });
    if (bytes === total) this.say("Starting Python …");
  }

  begun() {
    if (!this.isLoading) return;
    this.isLoading = false;
    this.progress.hidden = true;
    this.label();
    this.say("");
  }

  /* In the picture's place, since it can't be made. */
  fail(message) {
    this.isLoading = false;
    this.progress.hidden = true;
    this.failure = message;
    this.say("");
    this.pause();
    this.judge();
    return false;
  }

  label() {
    this.button.textContent = this.isLoading ? "Stop loading" : this.isPlaying ? "Pause" : this.isReady ? "Play" : this.offered;
  }

  say(message) {
    this.status.textContent = message;
  }
});

/* What the training depends on: not on where it stops. */
function key({ updates, ...others }) {
  return written(others);
}

function link(place) {
  const made = element("a", { href: `#${place.dataset.settings}` }, ...place.childNodes);
  place.replaceWith(made);
}

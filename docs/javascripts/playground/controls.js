/* The sliders: one for each setting, with its value beside it, and one for the width of each hidden layer. */

import { element } from "./element.js";
import { LAYERS, SETTINGS, WIDTHS } from "./settings.js";

const GROUPS = {
  Data: ["data", "classes", "points", "noise"],
  Network: ["hidden"],
  Training: ["learning_rate", "lam", "updates", "seed"],
};

export class Controls {
  /* `onChange` is told after each change that the reader makes. */
  constructor(onChange) {
    this.fields = {};
    this.layers = new Slider("Hidden layers", WIDTHS.slice(0, LAYERS + 1).map((_, n) => n));
    this.widths = Array.from({ length: LAYERS }, (_, l) => new Slider(`Units of layer ${l + 1}`, WIDTHS));
    for (const [name, { label, values }] of Object.entries(SETTINGS)) {
      this.fields[name] = name === "data" ? new Choice(label, values) : new Slider(label, values);
    }
    const groups = Object.entries(GROUPS).map(([legend, names]) => element("fieldset", {}, element("legend", {}, legend),
      ...names.flatMap((name) => (name === "hidden" ? [this.layers, ...this.widths] : [this.fields[name]])).map((field) => field.element)));
    this.element = element("form", { class: "settings", "aria-label": "Settings" }, ...groups);
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("input", () => {
      this.tell();
      onChange();
    });
  }

  get settings() {
    const { data, classes, points, noise, learning_rate, lam, updates, seed } = this.fields;
    const hidden = this.widths.slice(0, this.layers.value).map(({ value }) => value);
    return {
      data: data.value, classes: classes.value, points: points.value, noise: noise.value, hidden,
      learning_rate: learning_rate.value, lam: lam.value, updates: updates.value, seed: seed.value,
    };
  }

  set settings({ hidden, ...others }) {
    for (const [name, value] of Object.entries(others)) this.fields[name].value = value;
    this.layers.value = hidden.length;
    this.widths.forEach((slider, l) => (slider.value = hidden[l] ?? hidden.at(-1) ?? 8));
    this.tell();
  }

  tell() {
    for (const field of [this.layers, ...this.widths, ...Object.values(this.fields)]) field.tell();
    this.widths.forEach(({ element: label }, l) => (label.hidden = l >= this.layers.value));
  }
}

class Slider {
  constructor(label, values) {
    this.values = values;
    this.input = element("input", { type: "range", min: 0, max: values.length - 1, step: 1 });
    this.output = element("output", {});
    this.element = element("label", {}, element("span", {}, label), this.input, this.output);
  }

  get value() {
    return this.values[this.input.value];
  }

  set value(value) {
    this.input.value = this.values.indexOf(value);
  }

  tell() {
    this.output.textContent = this.value.toLocaleString("en", { maximumFractionDigits: 6 });
    this.input.setAttribute("aria-valuetext", this.output.textContent);
  }
}

class Choice {
  constructor(label, values) {
    this.input = element("select", {}, ...values.map((value) => element("option", {}, value)));
    this.element = element("label", {}, element("span", {}, label), this.input);
  }

  get value() {
    return this.input.value;
  }

  set value(value) {
    this.input.value = value;
  }

  tell() {}
}

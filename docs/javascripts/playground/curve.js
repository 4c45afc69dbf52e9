/* The loss against the number of updates, the loss on a logarithmic axis. */

import { shape } from "./element.js";

const [WIDTH, HEIGHT] = [300, 150];

export class Curve {
  constructor() {
    this.element = shape("svg", { class: "curve", viewBox: `-40 -10 ${WIDTH + 52} ${HEIGHT + 44}`, role: "img" });
  }

  /* `losses` are [updates, loss] pairs, `updates` is where the training ends. */
  draw(losses, updates) {
    const values = losses.map(([, loss]) => Math.max(loss, 1e-9));
    const low = Math.floor(Math.log10(Math.min(...values, 0.1)) + 1e-9);
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
    const across = (update) => ((WIDTH * update) / updates).toFixed(1);
    const down = (loss) => (HEIGHT * (1 - (Math.log10(loss) - low) / (high - low))).toFixed(1);
    const powers = Array.from({ length: high - low + 1 }, (_, n) => low + n);
    const labelled = powers.filter((power) => (power - low) % Math.ceil(powers.length / 6) === 0);
    const line = losses.map(([update], n) => `${across(update)} ${down(values[n])}`).join("L");
    this.element.replaceChildren(
      ...labelled.flatMap((power) => [
        shape("path", { class: "grid", d: `M0 ${down(10 ** power)}H${WIDTH}` }),
        text(power < -3 ? `1e${power}` : String(10 ** power), -6, Number(down(10 ** power)) + 4, "end"),
      ]),
      text("0", 0, HEIGHT + 16),
      text(updates.toLocaleString("en"), WIDTH, HEIGHT + 16, "end"),
      text("updates", WIDTH / 2, HEIGHT + 28),
      shape("path", { class: "line", d: `M${line}` }),
    );
    const [first, last] = [values[0], values.at(-1)].map((loss) => loss.toPrecision(3));
    this.element.setAttribute("aria-label", `The loss against the updates: from ${first} to ${last}.`);
  }
}

function text(content, x, y, anchor = "middle") {
  return shape("text", { x, y, "text-anchor": anchor }, content);
}

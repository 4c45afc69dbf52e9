/* The plane: its points as SVG, and under them a canvas with the class that the network gives to each place. */

import { element, shape } from "./element.js";

export class Plane {
  /* `figure` is as it was built; `colors` and `shapes` tell the classes apart, `reach` is the largest coordinate. */
  constructor(figure, { colors, shapes, reach }) {
    Object.assign(this, { colors, shapes, reach });
    this.drawing = figure.querySelector("svg");
    this.size = this.drawing.viewBox.baseVal.width;
    this.canvas = element("canvas", { "aria-hidden": "true" });
    this.channels = colors.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
  }

  /* Points as [x, y] pairs, and the class of each. */
  place(rows, classes) {
    const at = (value) => Math.round((this.size / 2) * (1 + value / this.reach));
    const paths = this.colors.map(() => "");
    rows.forEach(([x, y], i) => (paths[classes[i]] += `M${at(x)} ${at(-y)}${this.shapes[classes[i]][1]}`));
    this.names = this.shapes.slice(0, Math.max(...classes) + 1).map(([name]) => name).join(", ");
    const drawn = paths.map((d, k) => shape("path", { d, fill: this.colors[k] }));
    this.drawing.querySelector(".points").replaceChildren(...drawn);
  }

  /* `regions` has a digit for the class of each place, row after row from below; `said` is what is to be read of it. */
  colour(regions, said) {
    const side = Math.sqrt(regions.length);
    if (!this.canvas.isConnected) {
      this.drawing.before(this.canvas);
      this.drawing.querySelector(".regions").replaceChildren();
    }
    Object.assign(this.canvas, { width: side, height: side });
    const context = this.canvas.getContext("2d");
    const image = context.createImageData(side, side);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const [red, green, blue] = this.channels[regions[row * side + column]];
        image.data.set([red, green, blue, 255], 4 * ((side - 1 - row) * side + column));
      }
    }
    context.putImageData(image, 0, 0);
    this.drawing.setAttribute("aria-label", `The plane in the colours of the classes that the network gives to its places, with the points of the classes: ${this.names}. ${said}`);
  }
}

/* What the playground draws: the plane with its points and the class of each place, and beside it the loss. */
const SVG = "http://www.w3.org/2000/svg";
const SIZE = 240; // of each drawing, in its own units
const RAISED = { "-": "⁻", ...[..."⁰¹²³⁴⁵⁶⁷⁸⁹"] };
const MARKS = ["circle", "square", "triangle", "diamond", "cross", "bar"]; // a class is told by more than its colour

const SHAPES = {
  circle: "M3 0A3 3 0 1 1-3 0A3 3 0 1 1 3 0",
  square: "M-2.6-2.6h5.2v5.2h-5.2z",
  triangle: "M0-3.4L3.2 2.6H-3.2z",
  diamond: "M0-3.6L3.4 0L0 3.6L-3.4 0z",
  cross: "M-1-3h2v2h2v2h-2v2h-2v-2h-2v-2h2z",
  bar: "M-3.4-1.3h6.8v2.6h-6.8z",
};

/* An element with its attributes and what is in it. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/* The plane: a canvas for the regions under a drawing of the points. */
export class Plane {
  constructor() {
    this.regions = element("canvas", { "aria-hidden": "true" });
    this.points = shape("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "img" });
    this.element = element("div", { class: "plane" }, this.regions, this.points);
  }

  /* `points` are {x, y, class}, `reach` the largest coordinate that is drawn. */
  show(points, reach, colors) {
    this.colors = colors;
    const place = (value) => (SIZE / 2) * (1 + value / reach);
    this.points.replaceChildren(
      ...points.map(([x, y, k]) =>
        shape("path", {
          d: SHAPES[MARKS[k % MARKS.length]],
          fill: colors[k % colors.length],
          transform: `translate(${place(x).toFixed(1)} ${place(-y).toFixed(1)})`,
        }),
      ),
    );
  }

  /* `regions` has a row of classes for each height, the lowest first. */
  colour(regions) {
    const height = regions.length, width = regions[0].length;
    Object.assign(this.regions, { width, height });
    const context = this.regions.getContext("2d");
    const image = context.createImageData(width, height);
    const channels = this.colors.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
    regions.forEach((row, y) =>
      row.forEach((k, x) => image.data.set([...channels[k % channels.length], 90], 4 * ((height - 1 - y) * width + x))),
    );
    context.putImageData(image, 0, 0);
  }
}

/* The loss against the number of the update, both on logarithmic axes. */
export class Curve {
  constructor() {
    this.element = shape("svg", { class: "curve", viewBox: `-34 -8 ${SIZE + 46} ${SIZE + 40}`, role: "img" });
  }

  /* `losses` are [update, loss] pairs, `updates` how many there will be. */
  draw(losses, updates) {
    const values = losses.map(([, loss]) => Math.max(loss, 1e-12));
    const low = Math.floor(Math.log10(Math.min(...values, 0.1)) + 1e-9);
    const high = Math.ceil(Math.log10(Math.max(...values, 1)) - 1e-9) || 1;
    const right = Math.max(1, Math.log10(updates));
    const x = (update) => ((SIZE * Math.log10(update)) / right).toFixed(1);
    const y = (loss) => (SIZE * (1 - (Math.log10(loss) - low) / (high - low))).toFixed(1);
    const grid = [];
    for (let power = low; power <= high; power++) {
      grid.push(shape("path", { class: "grid", d: `M0 ${y(10 ** power)}H${SIZE}` }), label(power, -6, y(10 ** power), "end"));
    }
    for (let power = 0; power <= right; power++) {
      grid.push(shape("path", { class: "grid", d: `M${x(10 ** power)} 0V${SIZE}` }), label(power, x(10 ** power), SIZE + 14, "middle"));
    }
    const line = losses.map(([update, loss]) => `${x(update)} ${y(Math.max(loss, 1e-12))}`).join("L");
    this.element.replaceChildren(
      ...grid,
      shape("path", { class: "line", d: `M${line}` }),
      words("update", SIZE / 2, SIZE + 28),
      words("loss", 6, 8, "start"),
    );
  }
}

function words(text, x, y, anchor = "middle") {
  const made = shape("text", { x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}

function label(power, x, y, anchor) {
  const text = Math.abs(power) < 4 ? String(10 ** power) : `10${[...String(power)].map((sign) => RAISED[sign]).join("")}`;
  return words(text, x, anchor === "end" ? +y + 3 : y, anchor);
}

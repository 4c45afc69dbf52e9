/* A layer's weights and gradients as squares: the larger the area, the larger the number; filled if positive, hollow if
   negative (as Hinton drew them). Below them the numbers, if the reader opens the table. */

import { element, shape } from "./element.js";

const ROOM = 300; // units of a drawing, for an array's longer side
const READ = "A row for each unit of the layer, a column for each of its inputs. The larger a square, the larger the number; filled ones are positive, hollow ones negative.";
const [ROWS, COLUMNS] = [16, 8]; // of the table, at most

export class Layer {
  constructor(onChoice) {
    this.choice = element("select", {});
    this.choice.addEventListener("change", onChoice);
    this.drawings = element("div", { class: "arrays" });
    this.table = element("div", { class: "table", role: "group", "aria-label": "The numbers", tabindex: "0" });
    this.read = element("p", {});
    this.numbers = element("details", {}, element("summary", {}, "The numbers"), this.read, this.table);
    this.numbers.addEventListener("toggle", () => this.seen && this.tabulate());
    this.element = element("section", { class: "layer", "aria-label": "Weights and gradients" },
      element("label", {}, "Weights and gradients of layer ", this.choice), element("p", {}, READ), this.drawings, this.numbers);
  }

  /* The layer that is looked at, from 1. */
  get number() {
    return Number(this.choice.value) || 1;
  }

  /* `sizes` are those of all layers: inputs, hidden units, classes. */
  offer(sizes) {
    const kept = Math.min(this.number, sizes.length - 1);
    this.choice.replaceChildren(...sizes.slice(1).map((size, l) =>
      element("option", { value: l + 1 }, `${l + 1}: from ${sizes[l]} to ${size}`)));
    this.choice.value = kept;
  }

  show({ W, b, dW, db }) {
    this.seen = { W, b, dW, db };
    const l = this.number;
    this.drawings.replaceChildren(
      element("div", {}, array("W", "W", l, W), array("b", "b", l, b)),
      element("div", {}, array("dW", "W", l, dW), array("db", "b", l, db)),
    );
    if (this.numbers.open) this.tabulate();
  }

  tabulate() {
    const { W, b, dW, db } = this.seen;
    const columns = Math.min(W[0].length, COLUMNS);
    const cell = (value, gradient) => element("td", {}, short(value), element("span", {}, short(gradient)));
    const head = element("tr", {}, element("th", { scope: "col" }, "unit"),
      ...Array.from({ length: columns }, (_, j) => element("th", { scope: "col" }, `from ${j + 1}`)), element("th", { scope: "col" }, "bias"));
    const rows = W.slice(0, ROWS).map((row, i) => element("tr", {}, element("th", { scope: "row" }, String(i + 1)),
      ...row.slice(0, columns).map((value, j) => cell(value, dW[i][j])), cell(b[i][0], db[i][0])));
    const all = W.length <= ROWS && W[0].length <= COLUMNS;
    const part = all ? "" : ` Of ${W.length} units with ${W[0].length} weights each, the first are listed.`;
    this.read.textContent = `Each weight, and under it its gradient.${part}`;
    this.table.replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
  }
}

function array(name, quantity, layer, rows) {
  const [height, width] = [rows.length, rows[0].length];
  const flat = rows.flat();
  const largest = Math.max(...flat.map(Math.abs));
  const cell = Math.min(16, ROOM / Math.max(height, width));
  const paths = { filled: "", hollow: "" };
  rows.forEach((row, i) => row.forEach((value, j) => {
    const side = largest ? (cell - 1) * Math.sqrt(Math.abs(value) / largest) : 0;
    if (side < 0.2) return;
    const [x, y] = [(j + 0.5) * cell - side / 2, (i + 0.5) * cell - side / 2].map((at) => at.toFixed(1));
    const s = side.toFixed(1);
    paths[value > 0 ? "filled" : "hollow"] += `M${x} ${y}h${s}v${s}h-${s}z`;
  }));
  const [low, high] = [Math.min(...flat), Math.max(...flat)].map(short);
  const said = `${name}[${layer}], ${height} × ${width}: from ${low} to ${high}`;
  const box = { viewBox: `-1 -1 ${width * cell + 2} ${height * cell + 2}`, width: width * cell + 2, height: height * cell + 2 };
  return element("figure", { class: "array", "data-quantity": quantity },
    shape("svg", { ...box, role: "img", "aria-label": said },
      shape("path", { class: "filled", d: paths.filled || "M0 0" }), shape("path", { class: "hollow", d: paths.hollow || "M0 0" })),
    element("figcaption", {}, element("b", {}, name, element("sup", {}, `[${layer}]`)), element("br"), `${height} × ${width}`, element("br"), `from ${low}`, element("br"), `to ${high}`));
}

/* Three digits, with a true minus. */
function short(value) {
  const size = Math.abs(value);
  const text = value === 0 ? "0" : size < 0.0001 || size >= 10000 ? value.toExponential(1) : Number(value.toPrecision(3)).toString();
  return text.replaceAll("-", "−");
}

/* The network in numbers: a slider moves one weight, and every value and gradient with it. Nothing is loaded. */
{
  const pairs = [1, 2].flatMap((i) => [1, 2].map((j) => [i, j]));

  /* Every value and every gradient, from the inputs and weights in `given` and the right class, from 0. */
  function run({ right, ...given }) {
    const value = { ...given };
    const slope = { L: 1 };
    for (const i of [1, 2]) {
      value[`z${i}`] = value[`v${i}1`] * value.x1 + value[`v${i}2`] * value.x2;
      value[`a${i}`] = Math.max(value[`z${i}`], 0);
    }
    for (const i of [1, 2]) value[`s${i}`] = value[`w${i}1`] * value.a1 + value[`w${i}2`] * value.a2;
    const top = Math.max(value.s1, value.s2);
    const total = Math.exp(value.s1 - top) + Math.exp(value.s2 - top);
    for (const i of [1, 2]) {
      value[`p${i}`] = Math.exp(value[`s${i}`] - top) / total;
      slope[`p${i}`] = i === right + 1 ? -1 / value[`p${i}`] : 0;
      slope[`s${i}`] = value[`p${i}`] - (i === right + 1 ? 1 : 0);
    }
    value.L = Math.log(total) + top - value[`s${right + 1}`];
    for (const j of [1, 2]) {
      slope[`a${j}`] = value[`w1${j}`] * slope.s1 + value[`w2${j}`] * slope.s2;
      slope[`z${j}`] = value[`z${j}`] > 0 ? slope[`a${j}`] : 0;
    }
    for (const [i, j] of pairs) {
      slope[`w${i}${j}`] = slope[`s${i}`] * value[`a${j}`];
      slope[`v${i}${j}`] = slope[`z${i}`] * value[`x${j}`];
    }
    for (const j of [1, 2]) slope[`x${j}`] = value[`v1${j}`] * slope.z1 + value[`v2${j}`] * slope.z2;
    return { value, slope };
  }

  const weights = pairs.flatMap(([i, j]) => [`v${i}${j}`, `w${i}${j}`]);
  const written = (number, digits) => {
    const text = number.toFixed(digits);
    return (Number(text) === 0 ? (0).toFixed(digits) : text).replace("-", "−");
  };
  const letter = (name) => name.replace("v", "w");
  const layer = (name) => ({ v: " of layer 1", w: " of layer 2" })[name[0]] ?? "";

  const meaning = (name) => `${({ v: "weight of layer 1, ", w: "weight of layer 2, " })[name[0]] ?? ""}value and gradient`;

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    for (const [key, text] of Object.entries(attributes)) made.setAttribute(key, text);
    made.append(...content);
    return made;
  }

  if (!customElements.get("number-network")) customElements.define("number-network", class extends HTMLElement {
    connectedCallback() {
      if (this.given) return;
      this.start = JSON.parse(this.dataset.start);
      this.given = { ...this.start };
      this.chosen = "v11";
      this.numbers = [...this.querySelectorAll(".number")];
      this.append(this.controls());
      this.addEventListener("click", (event) => this.choose(event.target.closest(".weight")));
      this.addEventListener("keydown", (event) => {
        if (!["Enter", " "].includes(event.key) || !event.target.closest(".weight")) return;
        event.preventDefault();
        this.choose(event.target);
      });
      this.show();
    }

    controls() {
      this.name = element("b", {});
      this.slider = element("input", { type: "range", min: -2, max: 2, step: 0.05 });
      this.slider.addEventListener("input", () => this.set({ [this.chosen]: Number(this.slider.value) }));
      const button = (text, pressed) => {
        const made = element("button", { type: "button" }, text);
        made.addEventListener("click", pressed);
        return made;
      };
      this.said = element("p", { role: "status" });
      return element("div", { class: "steer" },
        element("label", {}, "Weight ", this.name, this.slider),
        element("p", {}, button("One step downhill", () => this.descend()), " ", button("Start again", () => this.set(this.start))),
        this.said);
    }

    choose(box) {
      if (!box) return;
      this.chosen = box.dataset.id;
      this.former = undefined;
      this.show();
    }

    set(changes) {
      this.former = undefined;
      Object.assign(this.given, changes);
      this.show();
    }

    /* One update of all weights, with step size 1. */
    descend() {
      const { value, slope } = run(this.given);
      this.set(Object.fromEntries(weights.map((name) => [name, value[name] - slope[name]])));
      this.former = value.L;
      this.show();
    }

    show() {
      const { value, slope } = run(this.given);
      for (const box of this.numbers) {
        const { id } = box.dataset;
        box.querySelector(".value").textContent = written(value[id], 2);
        box.querySelector(".slope").textContent = written(slope[id], 3);
        box.classList.toggle("shut", "za".includes(id[0]) && value[`z${id[1]}`] <= 0);
        box.classList.toggle("chosen", id === this.chosen);
        if (box.matches(".weight")) box.setAttribute("aria-pressed", id === this.chosen);
        box.setAttribute("aria-label", `${letter(id)}, ${written(value[id], 2)}, ${written(slope[id], 3)}: ${meaning(id)}`);
      }
      this.name.textContent = `${letter(this.chosen)}${layer(this.chosen)}`;
      this.slider.value = value[this.chosen];
      this.slider.setAttribute("aria-valuetext", `${written(value[this.chosen], 2)}, loss ${written(value.L, 3)}`);
      const from = this.former === undefined ? "" : `, from ${written(this.former, 3)}`;
      this.said.textContent = `Loss ${written(value.L, 3)}${from}. The slope at this weight is ${written(slope[this.chosen], 3)}: ` +
        `push it up by 0.1, and the loss changes by about ${written(slope[this.chosen] / 10, 3)}.`;
    }
  });
}

/* A drawing of which each frame is a moment of a training: a slider chooses the frame. Without JavaScript the last shows. */
if (!customElements.get("update-frames")) customElements.define("update-frames", class extends HTMLElement {
  connectedCallback() {
    if (this.slider) return;
    this.frames = [...this.querySelectorAll(".frame")];
    const last = this.frames.length - 1;
    this.slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: last, value: last });
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    const label = document.createElement("label");
    label.append("Updates ", this.slider);
    this.querySelector("figcaption").before(label);
    this.show(last);
  }

  show(number) {
    const { said } = this.frames[number].dataset;
    this.frames.forEach((frame, n) => frame.classList.toggle("shown", n === number));
    this.querySelector("figcaption").textContent = said;
    this.slider.setAttribute("aria-valuetext", said);
  }
});

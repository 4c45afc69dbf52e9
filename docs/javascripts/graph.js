/* A walk through a graph: shows one step at a time of what the page holds in full.

   A part says from which step on it is there (data-since="3"), and at which steps it is active, as the how-manieth
   part of the step's formula (data-active="3:1 9:2"). With data-plays it goes by itself, twice, until it is taken over. */
{
const [FORWARD, BACKWARD] = [750, 1300]; // milliseconds that a step is shown
const ROUNDS = 2;

if (!customElements.get("graph-walk")) customElements.define("graph-walk", class extends HTMLElement {
  connectedCallback() {
    this.steps = [...this.querySelectorAll(".step")];
    this.parts = [...this.querySelectorAll("[data-since]")].map((element) => ({
      element,
      since: Number(element.dataset.since),
      active: new Map((element.dataset.active ?? "").split(" ").filter(Boolean).map((at) => at.split(":"))),
    }));
    this.room = this.querySelector(".graph-room");
    this.querySelector(".walk-buttons").hidden = false;
    this.classList.add("walking");
    if ("plays" in this.dataset) this.slider = this.withSlider();
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.addEventListener("input", this);
    this.show(this.slider ? this.steps.length - 1 : 0, { quietly: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if ("plays" in this.dataset && !calm) this.play();
  }

  withSlider() {
    const slider = document.createElement("input");
    const last = this.steps.length - 1;
    Object.assign(slider, { type: "range", className: "walk-slider", ariaLabel: "Step", min: 0, max: last, value: last });
    this.querySelector(".walk-count").before(slider);
    return slider;
  }

  disconnectedCallback() {
    this.pause();
  }

  handleEvent(event) {
    const to = this.asked(event);
    if (to === undefined) return;
    this.pause();
    if (event.type !== "input") event.preventDefault();
    this.show(Math.min(Math.max(to, 0), this.steps.length - 1));
  }

  asked(event) {
    if (event.type === "input") return Number(this.slider.value);
    return event.type === "click" ? this.clicked(event) : this.pressed(event);
  }

  clicked(event) {
    const button = event.target.closest("[data-walk]");
    if (!button) this.pause(); // whoever looks at a quantity wants to look at it
    if (button?.dataset.walk === "play") return this.timer ? this.pause() : this.play();
    return button ? { back: this.step - 1, next: this.step + 1, start: 0 }[button.dataset.walk] : undefined;
  }

  pressed(event) {
    if (event.target.closest(".living-rows") && event.key.startsWith("Arrow")) this.pause();
    if (event.target === this.slider || event.target.closest(".living-rows")) return undefined; // they have arrow keys
    const scrolls = event.target === this.room && this.room.scrollWidth > this.room.clientWidth;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || scrolls) return undefined;
    return {
      ArrowLeft: this.step - 1, ArrowRight: this.step + 1, Home: 0, End: this.steps.length - 1,
    }[event.key];
  }

  show(step, { quietly = false } = {}) {
    this.step = step;
    this.steps.forEach((element, number) => element.classList.toggle("shown", number === step));
    for (const { element, since, active } of this.parts) {
      const mark = active.get(String(step));
      element.classList.toggle("ahead", since > step);
      element.classList.toggle("now", mark !== undefined);
      for (const number of [1, 2, 3]) element.classList.toggle(`part-${number}`, mark === String(number));
    }
    // Not `disabled`, which would take the focus away from whoever presses the button.
    this.button("back")?.setAttribute("aria-disabled", step === 0);
    this.button("next")?.setAttribute("aria-disabled", step === this.steps.length - 1);
    if (this.slider) this.slider.value = step;
    this.querySelector(".walk-count").textContent = `Step ${step} of ${this.steps.length - 1}`;
    if (quietly) return;
    this.querySelector(".walk-said").textContent = `Step ${step} of ${this.steps.length - 1}: ${this.steps[step].dataset.say}`;
    this.reveal();
  }

  /* From the beginning, or from the step that is shown. */
  play() {
    this.left = ROUNDS;
    this.button("play").textContent = "Pause";
    this.timer = setTimeout(() => this.next(), FORWARD);
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.slider) this.button("play").textContent = "Play";
  }

  next() {
    const end = this.step === this.steps.length - 1;
    if (end && this.left-- === 0) return this.pause();
    this.show(end ? 0 : this.step + 1, { quietly: true });
    const back = this.steps[this.step].dataset.say.startsWith("Backward");
    this.timer = setTimeout(() => this.next(), back ? BACKWARD : FORWARD);
  }

  button(name) {
    return this.querySelector(`[data-walk="${name}"]`);
  }

  /* Where the drawing is wider than its room, its active part comes to the middle. */
  reveal() {
    const active = this.querySelectorAll(".graph-sheet .now");
    if (!active.length) return;
    const boxes = [...active].map((element) => element.getBoundingClientRect());
    const middle = (Math.min(...boxes.map((box) => box.left)) + Math.max(...boxes.map((box) => box.right))) / 2;
    const room = this.room.getBoundingClientRect();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.room.scrollBy({ left: middle - (room.left + room.right) / 2, behavior: calm ? "instant" : "smooth" });
  }
});
}

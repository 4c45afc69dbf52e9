/* A product of two matrices: pointing at an entry of the result, tapping it, or coming to it with the arrow keys lights the row
   and the column that make it, and says the arithmetic. Without JavaScript one entry is worked out. */
if (!customElements.get("matrix-product")) customElements.define("matrix-product", class extends HTMLElement {
  static steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  connectedCallback() {
    if (this.entries) return;
    const rows = (part) => [...this.querySelectorAll(`[data-part=${part}] tr`)].map((row) => [...row.cells]);
    [this.left, this.right, this.entries] = ["row", "column", "entry"].map(rows);
    const table = this.querySelector("[data-part=entry]");
    table.setAttribute("role", "grid");
    this.each((cell, row, column) => {
      cell.setAttribute("role", "gridcell");
      cell.addEventListener("pointerenter", () => this.show(row, column));
      cell.addEventListener("focus", () => this.show(row, column));
      cell.addEventListener("click", () => cell.focus());
      cell.addEventListener("keydown", (event) => this.go(event, row, column));
      if (cell.classList.contains("lit")) this.show(row, column);
    });
  }

  each(visit) {
    this.entries.forEach((cells, row) => cells.forEach((cell, column) => visit(cell, row, column)));
  }

  go(event, row, column) {
    const step = this.constructor.steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.entries[row + step[0]]?.[column + step[1]]?.focus();
  }

  show(row, column) {
    this.each((cell, r, c) => {
      cell.tabIndex = r === row && c === column ? 0 : -1;
      cell.classList.toggle("lit", r === row && c === column);
    });
    this.left.forEach((cells, r) => cells.forEach((cell) => cell.classList.toggle("lit", r === row)));
    this.right.forEach((cells) => cells.forEach((cell, c) => cell.classList.toggle("lit", c === column)));
    this.querySelector("[role=status]").textContent = this.entries[row][column].dataset.say;
  }
});

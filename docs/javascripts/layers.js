/* The book's index: shows the rows of one kind, or with a word in their name. Without JavaScript all rows are there. */
for (const form of document.querySelectorAll(".layer-filter")) {
  const rows = [...form.parentElement.querySelectorAll("tbody tr")];
  const show = () => {
    const name = form.elements.name.value.trim().toLowerCase();
    const kind = form.elements.kind.value;
    for (const row of rows) {
      row.hidden = Boolean(kind && row.dataset.kind !== kind) || !row.textContent.toLowerCase().includes(name);
    }
    const shown = rows.filter((row) => !row.hidden).length;
    form.querySelector("output").value = `${shown} of ${rows.length} layers`;
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}

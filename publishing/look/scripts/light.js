/* Pointing at a quantity, tapping it, or coming to it with the arrow keys lights it wherever it is in the same block. */
{
  const LISTS = ".deriv.linked, .living-rows"; // lines of formulas: each is one stop of Tab, and holds its quantities
  const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

  const held = new WeakMap(); // the quantity that a tap or a key has lit, by block
  const said = document.createElement("p"); // what is lit, for those who don't see it
  const blockOf = ({ target }) => target.closest?.(".linked");
  const placeOf = ({ target }) => target.closest?.("[data-q]") ?? undefined;
  const nameOf = (event) => placeOf(event)?.dataset.q;
  const named = (part) => [...part.querySelectorAll("[data-q]")];

  /* `at` is the element that was pointed at, if one was: what else is to happen beside it hears of it. */
  const light = (block, name, at) => {
    block.classList.toggle("hot", Boolean(name));
    for (const element of named(block)) element.classList.toggle("lit", element.dataset.q === name);
    block.dispatchEvent(new CustomEvent("quantity", { bubbles: true, detail: { name, at } }));
  };

  const hold = (block, name, at) => {
    held.set(block, name);
    light(block, name, at);
  };

  /* The quantity before or after this one, in the order in which one reads them; the last is followed by the first. */
  const neighbour = (list, name, step) => {
    const names = [...new Set(named(list).map(({ dataset }) => dataset.q))];
    const at = names.includes(name) ? names.indexOf(name) + step : Math.min(step, 0);
    return names.at(at % names.length);
  };

  document.addEventListener("pointerover", (event) => {
    const block = blockOf(event);
    if (block && event.pointerType === "mouse") light(block, nameOf(event) ?? held.get(block), placeOf(event));
  });
  document.addEventListener("pointerout", (event) => {
    const block = blockOf(event);
    if (block && !block.contains(event.relatedTarget)) light(block, held.get(block));
  });
  document.addEventListener("click", (event) => {
    const block = blockOf(event);
    if (!block) return;
    const name = nameOf(event);
    hold(block, name === held.get(block) ? undefined : name, placeOf(event));
  });

  document.addEventListener("keydown", (event) => {
    const list = event.target.closest?.(LISTS);
    if (!list?.querySelector("[data-q]") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const block = list.closest(".linked");
    if (event.key === "Escape") hold(block, undefined);
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const name = neighbour(list, held.get(block), STEPS[event.key]);
    hold(block, name, named(list).find(({ dataset }) => dataset.q === name));
    said.textContent = `${held.get(block)} is lit`;
  });
  document.addEventListener("focusout", (event) => {
    const block = blockOf(event);
    if (block && !block.contains(event.relatedTarget)) hold(block, undefined);
  });

  const lists = [...document.querySelectorAll(LISTS)].filter((list) => list.querySelector("[data-q]"));
  for (const list of lists) Object.assign(list, { tabIndex: 0, ariaLabel: "Formulas: the arrow keys light a quantity" });
  Object.assign(said, { className: "light-said", role: "status" });
  if (lists.length) document.querySelector("article").append(said);
}

/* Pointing at a quantity, or tapping it, lights it wherever it is in the same block. */
{
  const held = new WeakMap(); // the quantity that a tap has lit, by block
  const blockOf = ({ target }) => target.closest?.(".linked");
  const nameOf = ({ target }) => target.closest?.("[data-q]")?.dataset.q;

  const light = (block, name) => {
    block.classList.toggle("hot", Boolean(name));
    for (const element of block.querySelectorAll("[data-q]")) element.classList.toggle("lit", element.dataset.q === name);
  };

  document.addEventListener("pointerover", (event) => {
    const block = blockOf(event);
    if (block && event.pointerType === "mouse") light(block, nameOf(event) ?? held.get(block));
  });
  document.addEventListener("pointerout", (event) => {
    const block = blockOf(event);
    if (block && !block.contains(event.relatedTarget)) light(block, held.get(block));
  });
  document.addEventListener("click", (event) => {
    const block = blockOf(event);
    if (!block) return;
    const name = nameOf(event);
    held.set(block, name === held.get(block) ? undefined : name);
    light(block, held.get(block));
  });
}

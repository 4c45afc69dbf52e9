/* What a quantity is, and its shape: a note above its line while it is lit, at the window's lower edge on a phone.
   A block of formulas has them in its data-notes, `{"dW2": {"meaning": "gradient of ...", "shape": "C × h"}}`. */
{
  const GAP = 4; // pixels between the quantity's line and its note
  const EDGE = 8; // and between a note and the window's edge
  const HEADER = 48; // pixels at the window's top, which the page's header is over
  const PATIENCE = 200; // milliseconds in which the pointer can go from the one to the other

  const note = document.createElement("p"); // empty, it takes no room, and is there for those who hear what is put into it
  let quantity; // what the note is beside
  let leaving;

  const put = (name, { meaning, shape }) => {
    const code = Object.assign(document.createElement("code"), { textContent: name });
    const size = shape.replaceAll(" ", "\u00a0"); // in one piece
    note.replaceChildren(code, `: ${meaning}${meaning && size ? ` (${size})` : size}`);
  };

  const hide = () => {
    clearTimeout(leaving);
    quantity = undefined;
    note.replaceChildren();
  };

  const place = () => {
    if (!quantity) return;
    const { left } = quantity.getBoundingClientRect();
    const { top, bottom } = (quantity.closest("li") ?? quantity).getBoundingClientRect();
    const { width, height } = note.getBoundingClientRect();
    const most = document.documentElement.clientWidth - width - EDGE;
    const above = top - GAP - height; // what has been read already
    note.style.setProperty("--left", `${Math.max(EDGE, Math.min(left, most))}px`);
    note.style.setProperty("--top", `${above >= HEADER ? above : bottom + GAP}px`);
  };

  const show = (block, name, at) => {
    const said = JSON.parse(block.dataset.notes ?? "{}")[name];
    if (!said) return hide();
    clearTimeout(leaving);
    quantity = at ?? (quantity?.dataset.q === name ? quantity : block.querySelector(`[data-q="${CSS.escape(name)}"]`));
    put(name, said);
    place();
  };

  document.addEventListener("quantity", ({ target, detail: { name, at } }) => {
    if (name) show(target, name, at);
    else if (quantity && target.contains(quantity)) leaving = setTimeout(hide, PATIENCE);
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  document.addEventListener("click", ({ target }) => target.closest?.(".linked, .quantity-note") || hide());
  document.addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);
  note.addEventListener("pointerenter", () => clearTimeout(leaving));
  note.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && hide());

  if (document.querySelector(".linked")) {
    Object.assign(note, { className: "quantity-note", role: "status" });
    document.querySelector("article").append(note);
  }
}

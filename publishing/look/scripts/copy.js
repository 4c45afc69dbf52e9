/* A block of code that can't be run here, as on the pages of the book, can be copied. */
{
  const SAID = 2000; // milliseconds for which the button says what it did

  const code = (block) => block.querySelector("code").innerText.replace(/\n+$/, "\n");

  const button = (block) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
    made.addEventListener("click", async () => {
      made.textContent = await navigator.clipboard.writeText(code(block)).then(() => "Copied", () => "The browser refused");
      setTimeout(() => { made.textContent = "Copy"; }, SAID);
    });
    return made;
  };

  for (const block of navigator.clipboard ? document.querySelectorAll("article .highlight") : []) {
    if (block.closest("[id^='cell-']") || !block.querySelector("code")) continue;
    block.append(button(block));
  }
}

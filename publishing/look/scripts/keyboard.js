/* The theme opens its drawer, and the table of contents in it, by labels, which only a pointer reaches: each gets a
   button inside for the keyboard, and Escape closes what is open. */
const LABELS = 'label.md-header__button[for="__drawer"], label.md-nav__link[for="__toc"]';

const toggles = [...document.querySelectorAll(LABELS)].map((label) => {
  const toggle = label.control;
  const button = document.createElement("button");
  const tell = () => button.setAttribute("aria-expanded", toggle.checked);
  button.type = "button";
  button.className = "opener";
  button.ariaLabel = label.textContent.trim() || "Navigation";
  button.append(...label.childNodes);
  button.addEventListener("click", () => toggle.click());
  toggle.addEventListener("change", tell);
  tell();
  label.append(button);
  return toggle;
});

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") for (const toggle of toggles) if (toggle.checked) toggle.click();
});

/* On a phone the theme holds the page while its search is open, and a moment longer: what gets the focus in this moment
   is brought into sight after it. */
new MutationObserver(() => {
  if (!document.body.hasAttribute("data-md-scrolllock")) document.activeElement?.scrollIntoView({ block: "nearest" });
}).observe(document.body, { attributeFilter: ["data-md-scrolllock"] });

/* The theme opens its drawer, and the table of contents in it, by labels, which only a pointer reaches: they become
   buttons for the keyboard too, and Escape closes what they have opened. */
const LABELS = 'label.md-header__button[for="__drawer"], label.md-nav__link[for="__toc"]';

const buttons = [...document.querySelectorAll(LABELS)].map((label) => ({ label, toggle: label.control }));

const tell = () => {
  for (const { label, toggle } of buttons) label.setAttribute("aria-expanded", toggle.checked);
};

for (const { label, toggle } of buttons) {
  label.tabIndex = 0;
  label.role = "button";
  label.ariaLabel = label.textContent.trim() || "Navigation";
  toggle.addEventListener("change", tell);
  label.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    label.click();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const { toggle } of buttons) if (toggle.checked) toggle.click();
});

tell();

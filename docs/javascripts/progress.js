/* What a reader has read and answered: kept in their own browser, sent nowhere, and forgotten when they say so. */
const KEY = "checked-backprop.progress";

export class Progress {
  /* `storage` gives what keeps it, and may throw, as a browser's does that is told to keep nothing: then it is kept as
     long as the page is open. */
  constructor(storage) {
    this.storage = storage;
    this.kept = { read: [], right: [] };
    try {
      const { read, right } = JSON.parse(storage().getItem(KEY));
      if ([read, right].every(Array.isArray)) this.kept = { read, right };
    } catch { /* nothing is kept yet, or nothing that can be read */ }
  }

  add(kind, name) {
    if (this.kept[kind].includes(name)) return;
    this.kept[kind].push(name);
    this.try((storage) => storage.setItem(KEY, JSON.stringify(this.kept)));
  }

  forget() {
    this.kept = { read: [], right: [] };
    this.try((storage) => storage.removeItem(KEY));
  }

  try(write) {
    try {
      write(this.storage());
    } catch { /* it is full, or keeps nothing */ }
  }

  has(kind, name) {
    return this.kept[kind].includes(name);
  }

  get empty() {
    return !this.kept.read.length && !this.kept.right.length;
  }
}

/* What is said at the head of a chapter with these questions, one of these chapters: nothing, as long as nothing is kept. */
export function summary(progress, chapter, questions, chapters) {
  if (progress.empty) return "";
  const right = questions.filter((question) => progress.has("right", `${chapter}#${question}`)).length;
  const read = chapters.filter((name) => progress.has("read", name)).length;
  return `${right} of ${questions.length} questions right here, ${read} of ${chapters.length} chapters read.`;
}

/* A chapter's name: the last folder of its address. */
export function nameOf(path) {
  return path.replace(/\/(index\.html)?$/, "").split("/").pop();
}

function start(kicker) {
  const progress = new Progress(() => localStorage);
  const chapter = nameOf(location.pathname);
  const questions = [...document.querySelectorAll(".question")].map(({ id }) => id);
  const links = [...document.querySelectorAll(".md-nav__item--section.md-nav__item--active .md-nav__link[href]")]
    .filter((link) => !link.hash);
  const said = Object.assign(document.createElement("span"), { className: "progress" });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Forget" });
  button.setAttribute("aria-label", "Forget what I have read and answered");
  kicker.append(said);

  const show = () => {
    const text = summary(progress, chapter, questions, links.map((link) => nameOf(link.pathname)));
    said.replaceChildren(...(text ? [` ${text} `, button] : []));
    for (const link of links) {
      link.querySelector(".read")?.remove();
      if (!progress.has("read", nameOf(link.pathname))) continue;
      const mark = Object.assign(document.createElement("span"), { className: "read", textContent: "✓", role: "img" });
      mark.ariaLabel = "read";
      link.append(mark);
    }
  };
  const add = (kind, name) => {
    progress.add(kind, name);
    show();
  };

  button.addEventListener("click", () => {
    progress.forget();
    show();
    Object.assign(kicker, { tabIndex: -1 }).focus(); // the button is gone
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches(".answer.right")) add("right", `${chapter}#${target.parentElement.id}`);
  }, { capture: true }); // a fold tells nobody above it
  const end = document.querySelector("article > .origin") ?? kicker.parentElement.lastElementChild;
  const reached = new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting }) => isIntersecting)) add("read", chapter);
  });
  reached.observe(end);
  show();
}

const kicker = globalThis.document?.querySelector(".kicker");
if (kicker) start(kicker);

/* What a cell shows, in the page. It comes from the reader's code: of HTML only what neither runs nor loads is shown. */

import DOMPurify from "dompurify";
import katex from "katex";
import { Marked } from "marked";

import { options } from "../../formulas/katex-options.mjs";

const FORBIDDEN = ["audio", "form", "input", "picture", "select", "source", "style", "textarea", "track", "video"];
const LOADS = /\\|image|src\(|cross-fade|url\((?!["']?#)/i; // in a style, or in an attribute of SVG

const root = new URL("../..", import.meta.url);

const purify = DOMPurify(window);
purify.addHook("uponSanitizeAttribute", (element, attribute) => {
  const { attrName: name, attrValue: value } = attribute;
  const addressed = ["background", "href", "poster", "src", "srcset", "xlink:href"].includes(name);
  const isLink = element.localName === "a" && name === "href";
  if (addressed ? !isLink && !/^(#|data:image\/)/.test(value) : LOADS.test(value) && !/^(aria|data)-|^alt$|^title$/.test(name)) {
    attribute.keepAttr = false;
  }
});

const formula = (latex, displayed) => {
  const span = document.createElement(displayed ? "div" : "span");
  span.className = "arithmatex";
  span.textContent = displayed ? `\\[${latex}\\]` : `\\(${latex}\\)`;
  return span.outerHTML;
};

/* Python-Markdown's way to say that what is in an element is Markdown too. */
const MARKDOWN_INSIDE = /<(p|div|span)\b([^>]*) markdown="span"([^>]*)>(.*?)<\/\1>/gs;

const markdown = new Marked({
  extensions: [{
    name: "formula",
    level: "inline",
    start: (text) => text.indexOf("$"),
    tokenizer(text) {
      const match = /^(\$\$?)(?=\S)((?:\\.|[^$\\])+?)\1/s.exec(text);
      return match ? { type: "formula", raw: match[0], latex: match[2], displayed: match[1] === "$$" } : undefined;
    },
    renderer: ({ latex, displayed }) => formula(latex, displayed),
  }],
});

const LONGEST = 4_000_000; // characters of an output that is laid out: more would block the page for seconds

/* A place for a cell's outputs, which come one by one. `cell` is the element that they will be in. */
export class Output {
  constructor(cell) {
    this.cell = cell;
    this.element = document.createElement("div");
    this.element.className = "cell-live";
  }

  add({ kind, text }) {
    if (!["html", "markdown"].includes(kind)) return this.print(kind, text);
    if (text.length > LONGEST) {
      const [length, most] = [text.length, LONGEST].map((count) => (count / 1e6).toFixed(1));
      return this.print("stderr", `An output of ${length} million characters is not shown: the most is ${most} million.`);
    }
    const made = nodes(kind === "html" ? text : markdown.parse(withMarkdownInside(text)));
    for (const element of made.querySelectorAll("[id]")) this.yieldId(element);
    this.element.append(kind === "html" ? box(made) : made);
  }

  /* What has an id elsewhere in the page keeps it: links lead there. */
  yieldId(element) {
    const known = document.getElementById(element.id);
    if (known && !this.cell?.contains(known)) element.removeAttribute("id");
  }

  print(kind, text) {
    const last = this.element.lastElementChild?.querySelector(`:scope > pre.${kind}`);
    if (last) return last.append(text);
    const pre = document.createElement("pre");
    pre.className = kind;
    pre.tabIndex = 0;
    pre.append(text);
    this.element.append(box(pre));
  }
}

function withMarkdownInside(text) {
  return text.replace(MARKDOWN_INSIDE, (_, name, before, after, inner) => `<${name}${before}${after}>${markdown.parseInline(inner)}</${name}>`);
}

function box(content) {
  const made = document.createElement("div");
  made.className = "cell-output";
  made.append(content);
  return made;
}

function nodes(html) {
  const fragment = purify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    ADD_TAGS: ["use"],
    FORBID_TAGS: FORBIDDEN,
    CUSTOM_ELEMENT_HANDLING: { tagNameCheck: /^(graph-walk|matrix-product|number-network|update-frames)$/ },
  });
  for (const mark of fragment.querySelectorAll(".arithmatex")) typeset(mark);
  for (const table of fragment.querySelectorAll("table:not([class])")) giveRoom(table);
  for (const link of fragment.querySelectorAll("a[href]")) lead(link);
  return fragment;
}

function typeset(mark) {
  const [, opening, latex] = /^\s*\\([([])(.*)\\[)\]]\s*$/s.exec(mark.textContent) ?? [];
  if (latex === undefined) return;
  const displayMode = opening === "[";
  const place = document.createElement(displayMode ? "div" : "span");
  katex.render(latex.trim(), place, { ...options, displayMode, throwOnError: false });
  if (displayMode) {
    place.className = "formula";
    place.role = "group";
    place.ariaLabel = "Formula";
    place.tabIndex = 0;
    mark.replaceWith(place);
  } else {
    mark.replaceWith(...place.childNodes);
  }
}

/* As the build does: a table scrolls by itself. */
function giveRoom(table) {
  const room = document.createElement("div");
  room.className = "table";
  room.role = "group";
  room.ariaLabel = "Table";
  room.tabIndex = 0;
  table.replaceWith(room);
  room.append(table);
}

/* The pages' text names other pages by their files. */
function lead(link) {
  const [, page, rest] = /^([\w-]+)\.(?:py|md)(#.*)?$/.exec(link.getAttribute("href")) ?? [];
  if (page) link.href = new URL((page === "index" ? "" : `${page}/`) + (rest ?? ""), root);
}

/* What can be set in the playground: the values that each setting may have, and how the address holds them. */

const range = (from, to, step = 1) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, n) => Number((from + n * step).toFixed(6)));
const decades = (from, to) => range(from, to).flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));

export const SETTINGS = {
  data: { label: "Kind", values: ["spiral", "moons", "rings", "clusters"] },
  classes: { label: "Classes", values: range(2, 5) },
  points: { label: "Points of each class", values: range(10, 200, 10) },
  noise: { label: "Noise", values: range(0, 1, 0.05) },
  learning_rate: { label: "Learning rate", values: [...decades(-3, 1), 100] },
  lam: { label: "Regularization λ", values: [0, ...decades(-5, -1), 1] },
  updates: { label: "Stop after updates", values: [...decades(1, 3), 10000] },
  seed: { label: "Random seed", values: range(0, 99) },
};
export const LAYERS = 4;
export const WIDTHS = range(1, 64);

/* The settings as they stand after the # of an address: data=spiral&classes=3&...&hidden=16,8 */
export function written(settings) {
  return Object.entries(settings).map(([name, value]) => `${name}=${value}`).join("&");
}

/* What an address asks for, with the usual value for what it doesn't name; undefined if it is about something else, such
   as a heading. `faults` has a sentence for each value that is not possible. */
export function asked(fragment, usual) {
  const held = [...new URLSearchParams(fragment.replace(/^#/, ""))].filter(([name]) => name in usual);
  if (!held.length) return undefined;
  const settings = { ...usual };
  const faults = [];
  for (const [name, text] of held) {
    const value = name === "hidden" ? widths(text) : possible(name, text);
    if (value !== undefined) settings[name] = value;
    else faults.push(`${name}=${text.slice(0, 40)} is not possible: expected ${expected(name)}. ${usual[name].toString() || "None"} is taken.`);
  }
  return { settings, faults };
}

function possible(name, text) {
  return SETTINGS[name].values.find((value) => (name === "data" ? value === text : text.trim() !== "" && value === Number(text)));
}

function widths(text) {
  const found = text.trim() === "" ? [] : text.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  return found.length <= LAYERS && found.every((width) => WIDTHS.includes(width)) ? found : undefined;
}

function expected(name) {
  if (name === "hidden") return `up to ${LAYERS} numbers from 1 to ${WIDTHS.at(-1)}, with commas between them`;
  const { values } = SETTINGS[name];
  return values.length < 6 ? `one of ${values.join(", ")}` : `one of ${values.slice(0, 3).join(", ")}, … ${values.at(-1)}`;
}

/* What a reader's progress does with several stores: `node progress.mjs PROGRESS`, where PROGRESS is its module. */
import { pathToFileURL } from "node:url";

const { Progress, nameOf, summary } = await import(pathToFileURL(process.argv[2]));

class Store extends Map {
  getItem(key) { return this.get(key) ?? null; }
  setItem(key, text) { this.set(key, text); }
  removeItem(key) { this.delete(key); }
}

const throws = () => { throw new Error("denied"); };
const said = (progress) => summary(progress, "relu", ["question-1", "question-2"], ["affine", "relu", "rows"]);

function visit(storage) {
  const progress = new Progress(storage);
  const before = said(progress);
  progress.add("right", "relu#question-2");
  progress.add("right", "relu#question-2");
  progress.add("right", "affine#question-1");
  progress.add("read", "relu");
  progress.add("read", "playground");
  const after = said(progress);
  const next = said(new Progress(storage));
  progress.forget();
  return { before, after, next, forgotten: said(progress), later: said(new Progress(storage)) };
}

const store = new Store();
const garbled = (text) => { const made = new Store(); made.getItem = () => text; return said(new Progress(() => made)); };
process.stdout.write(JSON.stringify({
  kept: visit(() => store),
  left: [...store.keys()],
  denied: visit(throws),
  full: visit(() => ({ getItem: () => null, setItem: throws, removeItem: throws })),
  garbled: ["{", "null", "[]", '{"read": 1, "right": []}', '{"read": []}'].map(garbled),
  names: ["/a/relu/", "/a/relu/index.html", "/relu", "/"].map(nameOf),
}));

/* What must be loaded before a program can run: what it imports, by the list that the build has made of the project. */

/* The modules that a program names in its imports: of `from a.b import c` both a.b and a.b.c, which may be one. */
export function imported(source) {
  const found = source.matchAll(/(?:^|[;:])[ \t]*(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]*(?:\(([^)]*)\)|([^\n#;]*))/gm);
  return [...found].flatMap(([, from, inBrackets, onLine]) => {
    const names = (inBrackets ?? onLine).split(",").map((part) => /[\w.]+/.exec(part)?.[0]).filter(Boolean);
    return from ? [from, ...names.map((name) => `${from}.${name}`)] : names;
  });
}

/* The packages that a module needs. One of the project's that is not listed needs what the package around it needs. */
export function needed({ needs, lock: { packages } }, module) {
  for (let name = module; name; name = name.slice(0, Math.max(0, name.lastIndexOf("."))))
    if (Object.hasOwn(needs, name)) return needs[name];
  const top = module.split(".")[0];
  return Object.keys(packages).filter((name) => packages[name].imports.includes(top));
}

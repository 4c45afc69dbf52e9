/* Neighbours of which a reader wants one, such as NumPy and PyTorch: a switch before them chooses, here and on every page.
   Without JavaScript all of them are there, each under its name. */
{
  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const store = (key, name) => { try { localStorage.setItem(key, name); } catch { /* it is forgotten with the page */ } };

  /* Each run of neighbours, as an array. */
  const runs = [...document.querySelectorAll(".choice")].reduce((found, part) => {
    const last = found.at(-1);
    if (last?.at(-1) === part.previousElementSibling) last.push(part);
    else found.push([part]);
    return found;
  }, []).filter((run) => run.length > 1);

  const nameOf = (part) => part.dataset.choice;
  const keyOf = (run) => `choice: ${run.map(nameOf).join(" | ")}`;

  const show = (run, name) => {
    for (const part of run) part.hidden = nameOf(part) !== name;
    for (const radio of run.control.elements) if (radio.type === "radio") radio.checked = radio.value === name;
  };

  /* All runs of the same names follow; the one that was touched stays where it is on the screen. */
  const choose = (run, name) => {
    const before = run.control.getBoundingClientRect().top;
    for (const other of runs.filter((other) => keyOf(other) === keyOf(run))) show(other, name);
    scrollBy(0, run.control.getBoundingClientRect().top - before);
    store(keyOf(run), name);
  };

  const option = (run, part, group) => {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: group, value: nameOf(part) });
    radio.addEventListener("change", () => choose(run, radio.value));
    label.append(radio, nameOf(part));
    return label;
  };

  runs.forEach((run, number) => {
    run.control = Object.assign(document.createElement("fieldset"), { className: "choices" });
    const legend = Object.assign(document.createElement("legend"), { textContent: "Show" });
    run.control.append(legend, ...run.map((part) => option(run, part, `choice-${number}`)));
    run[0].before(run.control);
    for (const part of run) part.querySelector(".choice-name").hidden = true;
    const names = run.map(nameOf);
    show(run, names.includes(stored(keyOf(run))) ? stored(keyOf(run)) : names[0]);
  });
}

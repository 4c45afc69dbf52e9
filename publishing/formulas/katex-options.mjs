// How KaTeX typesets formulas, in the build and in the reader's browser alike.
export const options = {
  output: "htmlAndMathml",
  // \htmlClass and \htmlData tie a term of a formula to an edge of a drawing.
  trust: ({ command }) => ["\\htmlClass", "\\htmlData", "\\htmlId"].includes(command),
  strict: (problem) => (problem === "htmlExtension" ? "ignore" : "error"),
};

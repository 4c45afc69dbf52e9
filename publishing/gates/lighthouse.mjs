// Reads {addresses, categories, chromium, flags} and writes what Lighthouse says of each page, read on a phone:
// [{address, scores: {category: score}, failed: [what is wrong, ...]}, ...]. Usage: node lighthouse.mjs NODE_MODULES
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const packages = pathToFileURL(`${process.argv[2]}/`);
const { default: lighthouse } = await import(new URL("lighthouse/core/index.js", packages));
const { launch } = await import(new URL("chrome-launcher/dist/index.js", packages));

const { addresses, categories, chromium, flags } = JSON.parse(readFileSync(0, "utf8"));

// Only its speed has to be watched until a page has come to rest.
const hurried = {
  disableFullPageScreenshot: true,
  pauseAfterFcpMs: 0,
  pauseAfterLoadMs: 0,
  networkQuietThresholdMs: 0,
  cpuQuietThresholdMs: 0,
};

const shown = ({ title, details }) =>
  [title, ...(details?.items ?? []).slice(0, 5).map(({ node, url }) => node?.snippet ?? url ?? "")].join(" ").trim();

const judge = async (address, port) => {
  const settings = { port, onlyCategories: categories, logLevel: "silent" };
  const { lhr } = await lighthouse(address, categories.includes("performance") ? settings : { ...settings, ...hurried });
  if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  const judged = Object.values(lhr.categories);
  const audits = judged.flatMap((category) => category.auditRefs.filter(({ weight }) => weight > 0));
  const failed = audits.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 1);
  return { address, scores: Object.fromEntries(judged.map(({ id, score }) => [id, score])), failed: failed.map(shown) };
};

const browser = await launch({ chromePath: chromium, chromeFlags: ["--headless=new", ...flags], logLevel: "silent" });
try {
  const judgements = [];
  for (const address of addresses) judgements.push(await judge(address, browser.port));
  process.stdout.write(JSON.stringify(judgements));
} finally {
  browser.kill();
}

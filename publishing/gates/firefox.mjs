// Reads {address, cells, firefox} and writes, for the page at the address: {said, shown: {cell: text}} after Run of the
// last of the live cells. Usage: node firefox.mjs NODE_MODULES
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const packages = pathToFileURL(`${process.argv[2]}/`);
const { default: puppeteer } = await import(new URL("puppeteer-core/lib/puppeteer/puppeteer-core.js", packages));

const { address, cells, firefox } = JSON.parse(readFileSync(0, "utf8"));
const timeout = 300_000;

const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true });
try {
  const page = await browser.newPage();
  await page.goto(address);
  const bar = `live-cell[data-cell="${cells.at(-1)}"]`;
  await page.focus(`${bar} button`);  // by the keyboard: what comes into sight is laid out anew, and may move
  await page.keyboard.press("Enter");
  await page.waitForFunction((bar) => document.querySelector(`${bar} button:nth-of-type(2)`).hidden, { timeout }, bar);
  const said = await page.$eval(`${bar} [role=status]`, (status) => status.textContent);
  const shown = {};
  for (const cell of cells) {
    shown[cell] = await page.$$eval(`#cell-${cell} > .cell-live`, (all) => all.map((one) => one.textContent).join());
  }
  process.stdout.write(JSON.stringify({ said, shown }));
} finally {
  await browser.close();
}

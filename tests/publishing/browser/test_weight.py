"""A page makes its reader load few typefaces, and these are cut to what it shows."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.publishing.browser.conftest import window

KILOBYTES = 75
"""The most that a page's typefaces may weigh together, of 1,000 bytes: those that are loaded when it opens."""

FACES = """
async () => {
  await document.fonts.ready;
  const faces = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".woff2"));
  return faces.map(({ name, encodedBodySize }) => [name.split("/").at(-1), encodedBodySize]);
}
"""


def test_the_typefaces_of_every_page_are_light(browser: Browser, address: str, pages: list[str]) -> None:
    weights = {}
    for name in pages:
        with window(browser) as page:  # a fresh one: what a page before has loaded counts anew
            page.goto(address + name, wait_until="load")
            faces = page.evaluate(FACES)
        assert len(faces) >= 2, f"/{name} has been measured before its faces were there"
        weights[name] = sum(size for _, size in faces) / 1000, faces
    assert {name: weight for name, weight in weights.items() if weight[0] > KILOBYTES} == {}

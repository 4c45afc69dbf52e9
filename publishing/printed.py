"""The chapters of a built site as one PDF, printed by Chromium: `python -m publishing.printed SITE FILE.pdf`.

The chapters stand one after the other in a page of their own, which nobody is served: links between chapters stay in
the PDF, headings become its outline, and what scripts would do is left out, as for a reader without them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from publishing.errors import SiteError
from publishing.gates import chromium
from publishing.gates.serving import serve

__all__ = ["joined", "print_chapters"]

PLACE = "printed/"
"""The address of the joined page, as deep in the site as a chapter's, so that its styles and pictures are found."""

FOLDED = {"provenance", "code"}
"""What stays folded on paper: the claims' tables, and code that a reader didn't ask for."""

FOOT = (
    '<div style="font: 8px sans-serif; width: 100%; text-align: center">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)


def chapters(site: Path) -> list[Path]:
    """The files of the pages that say which chapter they are, in that order. Raises SiteError if there are none."""
    found = {}
    for file in site.glob("*/index.html"):
        place = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").select_one("p.kicker > progress[value]")
        if place is not None:
            found[int(str(place["value"]))] = file
    if not found:
        raise SiteError(f"{site}: no page says which chapter it is; expected a built site with chapters")
    return [found[number] for number in sorted(found)]


def joined(site: Path, home: str = "") -> str:
    """One page of all chapters. Links that lead out of them lead to the site at the address `home`, where it is known.

    Raises SiteError if there are none.
    """
    files = chapters(site)
    page = BeautifulSoup(files[0].read_text(encoding="utf-8"), "html.parser")
    articles = [_article(file, {other.parent.name for other in files}, home) for file in files]
    first = page.find("article")
    assert isinstance(first, Tag)
    for article in reversed(articles):
        first.insert_after(article)
    first.replace_with(_contents(page, articles))
    for script in page.find_all("script"):
        script.extract()
    return str(page)


def _article(file: Path, chapters: set[str], home: str) -> Tag:
    """A chapter's article, its ids and links such that they can stand in one page with the others'."""
    name = file.parent.name
    article = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").find("article")
    assert isinstance(article, Tag)
    for element in article.find_all(id=True):
        element["id"] = f"{name}--{element['id']}"
    for link in article.find_all("a", href=True):
        link["href"] = _address(str(link["href"]), name, chapters, home)
    article["id"] = name
    article["style"] = "break-before: page"
    for fold in article.find_all("details", class_=lambda name: name not in FOLDED):
        fold["open"] = ""
    return article


def _contents(page: BeautifulSoup, articles: Sequence[Tag]) -> Tag:
    """The first sheet: the site's name and a list of the chapters."""
    contents = page.new_tag("article", attrs={"class": "md-content__inner md-typeset"})
    title, listed = page.new_tag("h1"), page.new_tag("ol")
    name = page.find("meta", property="og:site_name")
    title.string = str(name["content"]) if isinstance(name, Tag) else "Contents"
    for article in articles:
        link = page.new_tag("a", href=f"#{article['id']}")
        link.string = _title(article)
        entry = page.new_tag("li")
        entry.append(link)
        listed.append(entry)
    contents.extend([title, listed])
    return contents


def _title(article: Tag) -> str:
    heading = article.find("h1")
    if not isinstance(heading, Tag):
        return str(article["id"])
    return " ".join(heading.get_text(" ").replace("¶", "").split())


def _address(href: str, chapter: str, chapters: set[str], home: str) -> str:
    parts = urlsplit(urljoin(f"https://site.invalid/{chapter}/", href))
    if parts.netloc != "site.invalid":
        return href
    folder = parts.path.strip("/")
    if folder in chapters:
        return f"#{folder}--{parts.fragment}" if parts.fragment else f"#{folder}"
    return urljoin(home, parts.path.lstrip("/") + (f"#{parts.fragment}" if parts.fragment else "")) if home else href


def print_chapters(site: Path, file: Path, home: str = "") -> None:
    """Write the PDF. Raises SiteError if there is no Chromium, no site, or no chapter in it."""
    from playwright.sync_api import sync_playwright

    browser_path = chromium.find()
    if browser_path is None:
        raise SiteError("Chromium is not installed: .ci/chromium installs it")
    text = joined(site, home)
    with serve(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=chromium.FLAGS)
        page = browser.new_page(java_script_enabled=False)
        page.route(f"{address}{PLACE}", lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
        page.goto(f"{address}{PLACE}", wait_until="load")
        page.pdf(
            path=file,
            format="A4",
            scale=0.75,
            outline=True,
            tagged=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOT,
            margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
        )
        browser.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0, or 2 if it can't be done."""
    parser = argparse.ArgumentParser(prog="python -m publishing.printed", description="Print a site's chapters.")
    parser.add_argument("site", type=Path, help="the folder of the built site")
    parser.add_argument("file", type=Path, help="the PDF to write")
    parser.add_argument(
        "--home", default="", metavar="ADDRESS", help="where the site is, for links out of the chapters"
    )
    options = parser.parse_args(arguments)
    try:
        print_chapters(options.site, options.file, options.home)
    except (OSError, SiteError) as error:
        print(f"publishing: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

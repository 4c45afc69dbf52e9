"""What the finished site must hold to: links lead somewhere, images are described, nothing comes from another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from publishing.errors import SiteError

LOADED = {"audio", "embed", "iframe", "img", "script", "source", "video"}
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}

# Typeset formulas are spans by the thousand: one that has no id tells nothing, and isn't worth the time.
UNTOLD = re.compile(r"</span>|<span(?![^>]*\sid=)[^>]*>")


@dataclass
class _Page(HTMLParser):
    """What a page offers as targets, what it leads to, what it loads, and the images that nothing describes."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    undescribed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.anchors.update(filter(None, (attributes.get("id"), attributes.get("name") if tag == "a" else None)))
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag in LOADED and "src" in attributes:
            self.loads.append(attributes["src"])
        if tag == "link" and LOADED_LINKS & set(attributes.get("rel", "").split()):
            self.loads.append(attributes.get("href", ""))
        if tag == "img" and not attributes.get("alt", "").strip():
            self.undescribed.append(attributes.get("src", ""))
        if tag == "svg" and attributes.get("role") == "img" and not attributes.get("aria-label", "").strip():
            self.undescribed.append("a drawing")


def check_links(site: Path, base: str) -> None:
    """Inspect every page in the folder `site`, which will live under the path `base`.

    Raises SiteError, which names each page and what is wrong with it.
    """
    pages = {file: _parsed(file) for file in sorted(site.rglob("*.html"))}
    problems = [
        f"{file.relative_to(site).as_posix()}: {problem}"
        for file, page in pages.items()
        for problem in _problems(file, page, pages, site, base)
    ]
    if problems:
        raise SiteError("\n".join(problems))


def _parsed(file: Path) -> _Page:
    page = _Page()
    page.feed(UNTOLD.sub("", file.read_text(encoding="utf-8")))
    page.close()
    return page


def _problems(file: Path, page: _Page, pages: dict[Path, _Page], site: Path, base: str) -> Iterator[str]:
    for image in page.undescribed:
        yield f"an image without alternative text: {image}"
    for address in page.loads:
        if not address or urlsplit(address).netloc:
            yield f"loads from another host: {address!r}" if address else "loads from an empty address"
    here = base + file.relative_to(site).as_posix()
    for address in [*page.links, *page.loads]:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not address:
            continue
        target = urlsplit(urljoin(here, address))
        if not target.path.startswith(base):
            yield f"a link that leaves the site: {address}"
            continue
        found = site / unquote(target.path.removeprefix(base))
        found = found / "index.html" if found.is_dir() else found
        if not found.is_file():
            yield f"a broken link: {address}"
        elif target.fragment and found in pages and unquote(target.fragment) not in pages[found].anchors:
            yield f"a link to an anchor that is not there: {address}"

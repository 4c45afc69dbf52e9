"""Each page in a sentence or two, for search engines, for links to it, and for programs that read the site."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

from publishing.formulas import typesetting
from publishing.pages.twins import TWIN

LENGTH = 160  # about what a search engine shows

PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)


class Summary(NamedTuple):
    title: str
    address: str
    description: str


def description(content: str) -> str:
    """The first sentences of a page's HTML, as many as fit into LENGTH; at least one, and then cut at a word."""
    paragraph = PARAGRAPH.search(content)
    if paragraph is None:
        return ""
    text = html.unescape(re.sub(r"<.*?>", "", typesetting.as_text(paragraph[1])))
    text = " ".join(text.split())
    if len(text) <= LENGTH:
        return text
    head = text[: LENGTH - 1]
    end = max(head.rfind(f"{sign} ") for sign in ".?!")
    return head[: end + 1] if end > LENGTH // 3 else f"{head[: head.rfind(' ')]} …"


def llms_txt(site: Summary, pages: Iterable[Summary]) -> str:
    """The site in plain text (the proposed standard llms.txt): a title, a summary, and a line for each page's twin."""
    lines = [f"- [{page.title}]({page.address}{TWIN}): {page.description}" for page in pages]
    return "\n".join([f"# {site.title}", "", f"> {site.description}", "", "## Pages", "", *lines, ""])

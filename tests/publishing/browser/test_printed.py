"""The chapters are printed as one PDF, with an outline."""

from __future__ import annotations

import re
from pathlib import Path

from publishing.printed import chapters, print_chapters


def test_the_chapters_become_a_book(site: Path, chromium_path: str, tmp_path: Path) -> None:
    book = tmp_path / "chapters.pdf"
    print_chapters(site, book, "https://example.org/")
    content = book.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(chapters(site)) > 8
    assert max(int(count) for count in re.findall(rb"/Count (\d+)", content)) > 5 * len(chapters(site))
    assert b"/Outlines" in content
    assert b"/StructTreeRoot" in content  # read aloud, its headings are headings

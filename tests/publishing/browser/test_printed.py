"""The chapters are printed as one PDF, with an outline."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from publishing.printed import chapters


@pytest.mark.usefixtures("chromium_path")
def test_the_chapters_become_a_book(site: Path, tmp_path: Path) -> None:
    book = tmp_path / "chapters.pdf"
    command = [sys.executable, "-m", "publishing.printed", str(site), str(book), "--home", "https://example.org/"]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert printed.returncode == 0, printed.stderr
    content = book.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(chapters(site)) > 8
    assert max(int(count) for count in re.findall(rb"/Count (\d+)", content)) > 5 * len(chapters(site))
    assert b"/Outlines" in content
    assert b"/StructTreeRoot" in content  # read aloud, its headings are headings

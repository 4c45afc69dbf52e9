"""Each page says what it may load and run: everything from the site, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publishing import policy
from publishing.live import frame
from tests.publishing.conftest import BASE, Project

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">')


def _rules(text: str) -> dict[str, list[str]]:
    return {rule: sources for rule, *sources in (part.split() for part in text.split("; "))}


def test_a_page_begins_with_its_policy(project: Project) -> None:
    project.write("docs/training.py", "# %% [markdown]\n# # Training\n# %%\nx = 1")
    page = project.page("training")
    rules = _rules(META.findall(page)[0])
    assert page.index("Content-Security-Policy") < page.index("<script")
    inline = [text for text in re.findall(r"<script>(.*?)</script>", page, re.DOTALL) if text]
    assert inline
    assert rules["script-src"] == ["'self'", *sorted({policy.sha256(text) for text in inline})]
    assert rules["connect-src"] == ["'self'", "https://cdn.jsdelivr.net"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & {
        s for r in rules for s in rules[r] if r != "style-src-attr"
    }
    assert "<style" not in page


@pytest.mark.xdist_group("site")
def test_every_page_of_the_site_has_one_and_needs_no_more(site: Path) -> None:
    pages = [file for file in site.rglob("*.html") if file.name != frame.NAME]
    assert len(pages) > 100
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert len(META.findall(text)) == 1, page
        assert not re.search(r"<style|\son\w+=\"|javascript:", text), page


@pytest.mark.xdist_group("site")
def test_hosts_that_send_headers_are_told(site: Path) -> None:
    places = re.findall(
        r"^(/\S*)\n  Content-Security-Policy: (.*)$", (site / "_headers").read_text("utf-8"), re.MULTILINE
    )
    told = dict(places)
    assert len(told) == len(places)
    assert len(told) < 100  # a host's limit
    assert told[f"{BASE}assets/live/frame.html"] == frame.POLICY
    scripts = _rules(told[BASE])["script-src"]
    assert len(scripts) < 12  # the theme has two on each page, and one for each depth of folders
    for page in (file for file in site.rglob("*.html") if file.name != frame.NAME):
        own = _rules(META.findall(page.read_text(encoding="utf-8"))[0])
        assert set(own["script-src"]) <= set(scripts)
        place = page.relative_to(site).as_posix()
        folder = place.partition("/")[0]
        assert (f"{BASE}{folder}/*" if "/" in place else f"{BASE}{place.removesuffix('index.html')}") in told

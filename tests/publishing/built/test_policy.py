"""Every page of the real site has its policy, and hosts that send headers are told the same."""

from __future__ import annotations

import re
from pathlib import Path

from publishing.live import frame
from tests.publishing.conftest import BASE
from tests.publishing.test_policy import META, sources


def test_every_page_of_the_site_has_one_and_needs_no_more(site: Path) -> None:
    pages = [file for file in site.rglob("*.html") if file.name != frame.NAME]
    assert len(pages) > 100
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert len(META.findall(text)) == 1, page
        assert not re.search(r"<style|\son\w+=\"|javascript:", text), page


def test_hosts_that_send_headers_are_told(site: Path) -> None:
    places = re.findall(
        r"^(/\S*)\n  Content-Security-Policy: (.*)$", (site / "_headers").read_text("utf-8"), re.MULTILINE
    )
    told = dict(places)
    assert len(told) == len(places)
    assert len(told) < 100  # a host's limit
    assert told[f"{BASE}assets/live/frame.html"] == frame.POLICY
    scripts = sources(told[BASE])["script-src"]
    assert len(scripts) < 12  # the theme has two on each page, and one for each depth of folders
    for page in (file for file in site.rglob("*.html") if file.name != frame.NAME):
        own = sources(META.findall(page.read_text(encoding="utf-8"))[0])
        assert set(own["script-src"]) <= set(scripts)
        place = page.relative_to(site).as_posix()
        folder = place.partition("/")[0]
        assert (f"{BASE}{folder}/*" if "/" in place else f"{BASE}{place.removesuffix('index.html')}") in told

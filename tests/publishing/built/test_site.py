"""The real site, read as files: all pages are there, and light, and show what was derived."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import derivations
import netcode
from tests.publishing.conftest import ROOT

KILOBYTES = 60  # the most that a page's HTML may weigh, compressed


def test_every_page_of_the_navigation_is_built(site: Path) -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1].split("\n\n")[0]
    pages = re.findall(r"([\w/-]+)\.(?:md|py)$", navigation, re.MULTILINE)
    assert len(pages) >= 3
    for page in pages:
        address = page.removesuffix("index")
        assert (site / address / "index.html").is_file()


def test_every_page_is_light(site: Path) -> None:
    weights = {page.relative_to(site): len(gzip.compress(page.read_bytes())) / 1000 for page in site.rglob("*.html")}
    assert {page: weight for page, weight in weights.items() if weight > KILOBYTES} == {}


def test_styles_and_scripts_ask_no_other_host(site: Path) -> None:
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", style.read_text(encoding="utf-8")), style
    for page in site.rglob("*.html"):
        assert not re.search(r"<script[^>]*\ssrc=\"(\"|https?:|//)", page.read_text(encoding="utf-8")), page


def test_executed_pages_show_derived_formulas_and_figures(site: Path) -> None:
    chapter = (site / "softmax-cross-entropy" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<div class="cell-output"><div class="derived"[^>]*><ol class="deriv linked"[^>]*><li', chapter)
    training = (site / "training" / "index.html").read_text(encoding="utf-8")
    assert '<figure class="drawing"' in training


def test_no_formula_of_a_layer_looks_refuted(site: Path) -> None:
    """What is often written instead is refuted on the page, in words; the layer's own formulas are not."""
    pages = {page.parent.name: page.read_text(encoding="utf-8") for page in (site / "layers").glob("*/index.html")}
    assert any("Often written, and wrong" in page for page in pages.values())
    assert [name for name, page in pages.items() if re.search(r'class="(derived|verdict) refuted', page)] == []


def test_every_public_name_is_explained_and_every_type_is_linked(site: Path) -> None:
    page = (site / "api" / "index.html").read_text(encoding="utf-8")
    explained = {(name.split(".")[0], name.split(".")[-1]) for name in re.findall(r'id="([\w.]+)"', page)}
    public = {(package.__name__, name) for package in (netcode, derivations) for name in package.__all__}
    assert public - explained == set()
    assert not re.search(r'<autoref |<span title="[\w.]+"', page)

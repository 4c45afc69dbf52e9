"""The chapters stand in one page: each id once, links between chapters inside, all others to the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publishing.errors import SiteError
from publishing.printed import joined, main

PAGE = """<!doctype html><html><head><meta property="og:site_name" content="A course"><script>1</script></head>
<body><article>{kicker}<h1 id="top">{title}<a class="headerlink" href="#top">¶</a></h1>
<p id="sum">See <a href="../{other}/#sum">the other</a>, <a href="../api/">the API</a>, <a href="#sum">here</a>,
<a href="https://example.com/x">elsewhere</a>.</p>
<details class="code"><summary>Code</summary></details><details class="solution"><summary>S</summary></details>
</article></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for number, name, other in ((2, "relu", "affine"), (1, "affine", "relu"), (0, "api", "relu")):
        kicker = f'<p class="kicker"><progress value="{number}" max="2"></progress></p>' if number else ""
        (tmp_path / name).mkdir()
        page = PAGE.format(kicker=kicker, title=f"On {name}", other=other)
        (tmp_path / name / "index.html").write_text(page, encoding="utf-8")
    return tmp_path


def test_chapters_stand_in_their_order_after_a_list_of_them(site: Path) -> None:
    page = joined(site)
    assert re.findall(r"<h1[^>]*>([^<]*)", page) == ["A course", "On affine", "On relu"]
    assert re.findall(r'<li><a href="(#\w+)">([^<]*)', page) == [("#affine", "On affine"), ("#relu", "On relu")]
    assert "<script" not in page


def test_ids_are_there_once_and_every_link_leads_somewhere(site: Path) -> None:
    page = joined(site, "https://example.org/course/")
    ids = re.findall(r'\sid="([^"]*)"', page)
    links = re.findall(r'href="([^"]*)"', page)
    assert len(ids) == len(set(ids)) == 6
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {"#relu--sum", "#affine--sum", "#affine--top"} < set(links)
    assert {link for link in links if not link.startswith("#")} == {
        "https://example.org/course/api/",
        "https://example.com/x",
    }


def test_solutions_are_open_and_code_stays_folded(site: Path) -> None:
    folds = re.findall(r"<details[^>]*>", joined(site))
    assert len(folds) == 4
    assert all(("open" in fold) == ("solution" in fold) for fold in folds)


def test_a_site_without_chapters_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SiteError, match="no page says which chapter it is"):
        joined(tmp_path)
    assert main([str(tmp_path), str(tmp_path / "book.pdf")]) == 2
    assert re.fullmatch(r"publishing: [^\n]*\n", capsys.readouterr().err)
    assert not (tmp_path / "book.pdf").exists()

"""A site with other names, whose claims another program checks: that the publishing side is a plugin."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from publishing.plugin.config import CheckedPagesConfig
from tests.publishing.conftest import ROOT, Project

HERE = Path(__file__).parent / "other_site"


@pytest.fixture
def waves(tmp_path: Path) -> Project:
    shutil.copytree(HERE, tmp_path / "waves", ignore=shutil.ignore_patterns("__pycache__"))
    return Project(tmp_path / "waves")


def test_it_is_built_with_its_own_names(waves: Project) -> None:
    page = waves.page("sums")
    assert '<div class="derived" id="waves-sine">' in page
    assert '<span class="verdict cross-checked">1 cross-checked</span>' in page
    assert "(0.141120008, 0.141120008)" in page
    assert "Chapter 1 of 1" in page
    site = waves.root / "site"
    assert "SINE" in (site / "source" / "waves" / "identities" / "index.html").read_text(encoding="utf-8")
    assert "0.4794" in (site / "table" / "index.html").read_text(encoding="utf-8")
    assert json.loads((site / "checks.json").read_text(encoding="utf-8"))["claims"][0]["id"] == "waves.sine.1"
    shipped = zipfile.ZipFile(io.BytesIO((site / "assets" / "live" / "packages.zip").read_bytes())).namelist()
    assert {name.partition("/")[0] for name in shipped} == {"waves"}
    assert {file.name for file in site.iterdir()}.isdisjoint({"derivations", "netcode"})


def test_a_wrong_sign_stops_it(waves: Project) -> None:
    module = waves.root / "waves" / "identities.py"
    text = module.read_text(encoding="utf-8")
    assert text.count("sin(x) * cos(y) + cos(x)") == 1
    module.write_text(text.replace("sin(x) * cos(y) + cos(x)", "sin(x) * cos(y) - cos(x)"), encoding="utf-8")
    said = waves.failure()
    assert "waves.sine.1: expected to hold, but refuted (differs at x = 0, y = 0.333333); waves/identities.py:1" in said


def test_a_package_that_is_not_there_is_named(waves: Project) -> None:
    settings = waves.root / "mkdocs.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("packages: [waves]", "packages: [wave]"))
    assert f"packages: there is no package wave in {waves.root}, nor is it installed" in waves.failure()


def test_an_option_that_is_unknown_or_of_the_wrong_kind_is_named(waves: Project) -> None:
    settings = waves.root / "mkdocs.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("claims: waves.check", "claims: [waves.check]"))
    said = waves.failure()
    assert "Plugin 'checked-pages' option 'claims': Expected type: <class 'str'> but received: <class 'list'>" in said


def test_each_option_is_described_with_its_default() -> None:
    page = (ROOT / "docs" / "publish.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| `(\w+)` \| `(.*?)` \|", page, re.MULTILINE))
    written = {name: json.dumps(option.default) for name, option in CheckedPagesConfig._schema}
    assert described == {name: default.strip('"') or '""' for name, default in written.items()}

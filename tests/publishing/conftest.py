"""A small project of its own for each test: a few pages, and modules that stand in for the real ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

BASE = "/checked-backprop/"

CONFIG = f"""
INHERIT: {ROOT / "mkdocs.yml"}
nav: []
plugins: {{checked-pages: {{generated: [], search: ""}}}}
"""

CHECK = """
import json, os, pathlib, sys
report = json.loads(pathlib.Path(__file__).with_name("claims.json").read_text())
for claim in report["claims"]:
    claim["seconds"] = float(os.environ.get("MEASURED", 0.5))
pathlib.Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(report))
"""

DERIVATIONS = """
import json, pathlib

CLAIMS = json.loads(pathlib.Path(__file__).with_name("claims.json").read_text())["claims"]
for claim in CLAIMS:
    claim.pop("seconds", None)

class Formula:
    '''A derivation: it shows a formula with all claims of the report, but for what is changed of the first.'''

    def __init__(self, latex="x", **changes):
        self.latex, self.claims = latex, [{**CLAIMS[0], **changes}, *CLAIMS[1:]]

    def __repr__(self):
        return self.latex

    def _repr_latex_(self):
        return f"$$ {self.latex} $$"

    def _repr_mimebundle_(self, **_):
        statement = ".".join(CLAIMS[0]["id"].split(".")[:2])
        origin = {"id": statement, "title": "The gradient of the scores", "claims": self.claims}
        return {"application/vnd.checked-backprop.provenance+json": origin}
"""

CLAIM = {
    "id": "softmax.dZ2.1",
    "statement": "a = b",
    "expected": "holds",
    "verdict": "proven",
    "sizes": {"m": 4, "C": 3},
    "max_error": 2.5e-16,
    "tolerance": 1e-12,
    "counterexample": None,
    "source": "derivations/softmax.py:2",
}


@dataclass
class Project:
    """A project whose claims are those in derivations/claims.json."""

    root: Path

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).strip() + "\n", encoding="utf-8")
        return file

    def claim(self, **changes: Any) -> None:
        """State one claim: it holds and is proven, unless `changes` say otherwise."""
        self.report([{**CLAIM, **changes}])

    def report(self, claims: list[dict[str, Any]]) -> None:
        """State these claims."""
        self.write(
            "derivations/claims.json", json.dumps({"format": 1, "ok": True, "environment": {}, "claims": claims})
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "mkdocs", *arguments, "--strict"]

    def environment(self, **variables: str) -> dict[str, str]:
        return {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1700000000", **variables}

    def build(self, to: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command("build", "--site-dir", str(to or self.root / "site")),
            cwd=self.root,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def page(self, address: str) -> str:
        """The page at an address of the site, after a build that must succeed."""
        built = self.build()
        assert built.returncode == 0, built.stderr
        return (self.root / "site" / address / "index.html").read_text(encoding="utf-8")

    def failure(self) -> str:
        """What a build that must fail says. It must leave nothing of a site, and the last one as it was."""
        before = self.files()
        built = self.build()
        assert built.returncode != 0, "the build should have failed"
        assert "mkdocs/commands/build.py" not in built.stderr, "the message is a traceback of the build itself"
        assert self.files() == before, "a failed build has changed the site"
        assert not list(self.root.glob(".site*")), "a failed build left something"
        return built.stderr

    def files(self) -> dict[str, bytes]:
        """The site that is there."""
        site = self.root / "site"
        return {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("mkdocs.yml", CONFIG)
    project.write("docs/index.md", "# Home")
    project.write("derivations/__init__.py", DERIVATIONS)
    project.write("derivations/softmax.py", '"""A chapter."""\nx = "<1>"')
    project.write("derivations/__main__.py", CHECK)
    project.write("netcode/__init__.py", "LOSS = 1.5")
    project.claim()
    for folder in ("assets", "javascripts", "stylesheets"):
        shutil.copytree(ROOT / "docs" / folder, tmp_path / "docs" / folder)
    return project


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, for a host where it lives under the path BASE. Its tests are in the group "site"."""
    folder = tmp_path_factory.mktemp("site")
    built = Project(ROOT).build(to=folder, SITE_URL=f"https://example.org{BASE}")
    assert built.returncode == 0, built.stderr
    return folder

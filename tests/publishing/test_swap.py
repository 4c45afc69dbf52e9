"""The last whole site stands until the next one is whole, however a build ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from publishing import swap
from tests.publishing.conftest import Project


def test_a_build_that_fails_leaves_the_last_site(project: Project) -> None:
    assert "Home" in project.page("")
    project.write("docs/index.md", "# Another\n\n[nowhere](nowhere.md)\n")
    assert "nowhere.md" in project.failure()
    assert "Home" in project.files()["index.html"].decode()


@pytest.mark.parametrize("after", [0.3, 1.0, 2.0, 3.0])
def test_a_build_that_is_killed_leaves_the_last_site(project: Project, after: float) -> None:
    assert "Home" in project.page("")
    before = project.files()
    project.write("docs/index.md", "# Another")
    with subprocess.Popen(
        project.command("build"),
        cwd=project.root,
        env=project.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as build:
        time.sleep(after)
        os.kill(build.pid, signal.SIGKILL)
    whole = project.files()
    assert whole == before or "Another" in whole["index.html"].decode()
    assert "Another" in project.page("")
    assert not list(project.root.glob(".site*"))


def test_killed_between_the_two_renames_the_old_site_comes_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (tmp_path / ".site.old").mkdir()
    (tmp_path / ".site.old" / "index.html").write_text("old")
    assert swap.beside(site) == tmp_path / ".site.part"
    assert (site / "index.html").read_text() == "old"
    swap.beside(site).mkdir()
    (tmp_path / ".site.part" / "index.html").write_text("new")
    swap.swap(site)
    assert (site / "index.html").read_text() == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["site"]

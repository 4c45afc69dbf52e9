"""What a user installs, and what the pins say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
NPM_LOCKS = [ROOT / "publishing" / "package-lock.json", ROOT / "publishing" / "gates" / "package-lock.json"]

# What a browser's Python has none of, and `import` must not need.
ABSENT = ("beartype", "jaxtyping", "matplotlib", "mkdocs", "pytest", "rich", "scipy", "sklearn", "threadpoolctl")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.iterdir()
    return built


def test_one_pure_wheel_has_the_packages(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {
        "derivations",
        "netcode",
        "publishing",
        "pytest_derivations.py",
    }
    assert not any("node_modules" in name for name in names)
    assert {f"publishing/new/site/{name}" for name in ("mkdocs.yml", "gitignore", ".github/workflows/site.yml")} <= {
        *names
    }


def test_the_wheel_needs_little(wheel: Path) -> None:
    files = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
    needed = re.findall(r"^Requires-Dist: (.*)$", files.read(metadata).decode(), re.MULTILINE)
    assert {Requirement(r).name for r in needed if "extra ==" not in r} == {"numpy", "sympy", "rich"}


def test_the_wheel_imports_where_only_numpy_and_sympy_are(wheel: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(wheel)!r})
sys.modules.update(dict.fromkeys({ABSENT!r}))
import derivations, netcode, netcode.network
assert {str(wheel)!r} in derivations.__file__ and {str(wheel)!r} in netcode.__file__
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=wheel.parent, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_dependency_is_pinned() -> None:
    pins = dict(re.findall(r"^([\w.-]+)==([^ ]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    for requirement in _requirements():
        assert requirement.specifier.contains(pins[requirement.name]), f"run make lock: {requirement}"


def test_every_pin_has_hashes() -> None:
    text = LOCK.read_text(encoding="utf-8").replace("\\\n", " ")
    assert all("--hash=sha256:" in line for line in text.splitlines())


@pytest.mark.parametrize("lock", [LOCK, *NPM_LOCKS], ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_names_no_host(lock: Path) -> None:
    assert "://" not in lock.read_text(encoding="utf-8")
    assert "index-url" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_npm_pin_has_a_hash(lock: Path) -> None:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def test_workflows_pin_actions_by_commit() -> None:
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        used = re.findall(r"uses: (\S+)", workflow.read_text(encoding="utf-8"))
        assert used
        assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) for action in used)


def test_workflows_call_what_the_makefile_has() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = {
        command
        for workflow in (ROOT / ".github" / "workflows").glob("*.yml")
        for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
        for step in job["steps"]
        for command in re.findall(r"^make (\w+)", step.get("run", ""))
    }
    assert called
    assert called <= targets


def test_each_job_says_what_it_may_do_and_for_how_long() -> None:
    files = list((ROOT / ".github" / "workflows").glob("*.yml"))
    assert files
    for file in files:
        workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {}
        assert all(job["permissions"] and job["timeout-minutes"] for job in workflow["jobs"].values())


def test_a_tag_must_be_the_version(tmp_path: Path) -> None:
    """As the release workflow asks it, without the site, which other tests build."""
    check = subprocess.run(
        ["make", "--dry-run", "dist", "TAG=v9.9.9"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    (script,) = re.findall(r"-c '(import sys, tomllib.*?)'\n", check.stdout, re.DOTALL)
    found = subprocess.run(
        [sys.executable, "-c", script.replace("\\\n", "")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert found.returncode == 1
    assert "the tag is v9.9.9, but pyproject.toml has" in found.stderr


def _requirements() -> Iterator[Requirement]:
    """What the lock must hold: all but the benchmark's rivals, and the project's own extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (group for name, group in project["optional-dependencies"].items() if name != "bench")
    for text in [*project["dependencies"], *(text for group in extras for text in group)]:
        if (requirement := Requirement(text)).name != project["name"]:
            yield requirement

"""What the README and CONTRIBUTING show works as they show it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import netcode

ROOT = Path(__file__).parents[1]


def blocks(file: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / file).read_text(encoding="utf-8"), re.DOTALL)


def test_the_readmes_layer_is_derived(capsys: pytest.CaptureFixture[str]) -> None:
    code, *_ = blocks("README.md", "python")
    exec(code, {"__name__": "readme"})
    out = capsys.readouterr().out
    assert "proven for all sizes" in out
    assert "def layer_backward(dY, saved):" in out


@pytest.mark.usefixtures("unchecked_shapes")
def test_the_readmes_call_diagnoses_a_gradient(capsys: pytest.CaptureFixture[str]) -> None:
    _, code, _ = blocks("README.md", "python")
    exec(code, {"__name__": "readme", "my_backward": netcode.backward})
    assert capsys.readouterr().out.split(": ")[1].startswith("all four gradients are")


def test_the_readmes_formula_is_proven(capsys: pytest.CaptureFixture[str]) -> None:
    *_, code = blocks("README.md", "python")
    exec(code, {"__name__": "readme"})
    assert capsys.readouterr().out == "2 * A\n"


def test_the_chapter_of_contributing_is_found_and_proven(tmp_path: Path) -> None:
    code, _ = blocks("CONTRIBUTING.md", "python")
    program = (
        "import pkgutil, derivations; derivations.__path__.append({0!r}); from derivations.__main__ import main; {1}"
    )
    (tmp_path / "leaky_relu.py").write_text(code, encoding="utf-8")
    for arguments, expected in (
        (["check", "leaky_relu"], "3 claims: 2 proven"),
        (["show", "leaky_relu.jacobian", "--format", "latex"], r"\delta_{vw}"),
    ):
        call = program.format(str(tmp_path), f"raise SystemExit(main({arguments!r}))")
        done = subprocess.run([sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.strip()) == (0, ""), done.stderr
        assert expected in done.stdout


def test_the_layer_of_contributing_is_derived() -> None:
    _, code = blocks("CONTRIBUTING.md", "python")
    shown: dict[str, Any] = {}
    exec(code, shown)
    assert "3 * dA * z**2" in shown["cube"].layer.numpy
    assert shown["cube"].layer.verdict() == "proven for all sizes"


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(file: str) -> None:
    named = set(
        re.findall(r"`?make ([a-z]+)`?", "\n".join(re.findall(r"`[^`]*`", (ROOT / file).read_text(encoding="utf-8"))))
    )
    named |= {target for block in blocks(file, "sh") for target in re.findall(r"^make (\w+)", block, re.MULTILINE)}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets

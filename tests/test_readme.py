"""What the README and CONTRIBUTING show works as they show it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import netcode
from derivations.__main__ import main

ROOT = Path(__file__).parents[1]


def blocks(file: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / file).read_text(encoding="utf-8"), re.DOTALL)


def test_the_readmes_layer_is_derived(capsys: pytest.CaptureFixture[str]) -> None:
    code, *_ = blocks("README.md", "python")
    exec(code, {"__name__": "readme"})
    out = capsys.readouterr().out
    assert "proven for all sizes" in out
    assert "def layer_backward(dY, saved):" in out


def test_the_readmes_minute_is_as_it_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The text piped into `derive`, and the function in the sentence before `verify`."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(r'echo "(.*?)" \|', readme)
    (function,) = re.findall(r"`(def tanh_backward.*?)`", readme)
    (tmp_path / "mine.py").write_text(function)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    monkeypatch.setattr(sys, "path", [*sys.path])
    for block in blocks("README.md", "console"):
        command, _, shown = block.partition("\n")
        status = main(command.rpartition("python -m derivations ")[2].split())
        assert status == (1 if "verify" in command else 0)
        assert capsys.readouterr().out == shown
    sys.modules.pop("mine", None)
    assert len(blocks("README.md", "console")) == 2


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

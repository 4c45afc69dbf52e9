"""`python -m derivations verify`, as somebody with a backward pass of their own uses it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from derivations.__main__ import main

RIGHT = "def tanh_backward(dA, A):\n    return dA * (1 - A**2)\n"
WRONG = "def tanh_backward(dA, A):\n    return dA * (1 - A)\n"
PAIR = """
import numpy as np

def forward(z):
    A = np.tanh(z)
    return A, (A,)

def backward(dA, saved):
    (A,) = saved
    return dA * (1 - A**2)
"""
TWO = "def f_backward(dA, A):\n    return dA\n\ndef g_backward(dA, A):\n    return dA\n"


@pytest.fixture(autouse=True)
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The file that is loaded is forgotten again, and its folder no longer searched."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    sys.modules.pop("mine", None)


def verified(source: str, folder: Path, *arguments: str) -> int:
    file = folder / "mine.py"
    file.write_text(source)
    return main(["verify", str(file), *arguments])


def test_a_right_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(RIGHT, tmp_path, "--layer", "tanh") == 0
    assert capsys.readouterr().out.splitlines() == ["mine.py: tanh_backward, against tanh", "dz is right."]


def test_a_wrong_one_with_the_right_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(WRONG, tmp_path, "--layer", "tanh") == 1
    out = capsys.readouterr().out
    assert "dz is wrong." in out
    assert "right: dz = dA * (1 - A**2)" in out


def test_a_pair_of_functions(tmp_path: Path) -> None:
    assert verified(PAIR, tmp_path, "--layer", "tanh", "--forward", "forward") == 0


def test_against_formulas_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cube.txt").write_text("A[i] = z[i]**3\n")
    assert verified("def back(dA, z):\n    return 3 * dA * z\n", tmp_path, "--layer", str(tmp_path / "cube.txt")) == 1
    assert "dz is wrong" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "arguments", "message"),
    [
        (
            RIGHT,
            ["--layer", "tahn"],
            "--layer tahn: expected a layer of the book, or a file of formulas; did you mean tanh",
        ),
        (TWO, ["--layer", "tanh"], "it defines f_backward, g_backward: say which by --function NAME"),
        ("x = 1\n", ["--layer", "tanh"], "expected one function that is the backward pass, but it defines none"),
        (RIGHT, ["--layer", "tanh", "--function", "f"], "there is no function f, only tanh_backward"),
        ("def f(:\n", ["--layer", "tanh"], "mine.py: SyntaxError"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(
    source: str, arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(source, tmp_path, *arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_a_kernel_in_few_bits_is_held_against_its_tolerance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    softmax = "def softmax_backward(dP, P):\n    return P * (dP - (P * dP).sum(axis=0))\n"
    for formats in (["--dtype", "bfloat16", "--stored", "P"], ["--kernel", "torch softmax, float16"]):
        assert verified(softmax, tmp_path, "--layer", "softmax", *formats) == 0
        assert "dS is right: its 62 entries are off by at most " in capsys.readouterr().out
    assert verified(WRONG, tmp_path, "--layer", "tanh", "--dtype", "float16") == 1
    out = capsys.readouterr().out
    assert "entries are off by up to" in out
    assert "right: dz = dA * (1 - A**2)" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--dtype", "int4"], "there is no format int4"),
        (["--dtype", "float16", "--stored", "P"], "stored: no gradient is computed from P"),
        (["--stored", "A"], "say --dtype, too"),
        (["--kernel", "torch softmax, float16", "--dtype", "float16"], "says its formats itself"),
        (["--kernel", "mine"], "there is no kernel 'mine'"),
    ],
)
def test_formats_that_do_not_fit_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert verified(RIGHT, tmp_path, "--layer", "tanh", *options) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1

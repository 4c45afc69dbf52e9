"""`python -m derivations derive`, as a newcomer uses it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from derivations.__main__ import main

LAYER_NORM = """\
# wrt: X
# assume: eps > 0
mu[i]   = mean[j](X[i, j])
var[i]  = mean[j]((X[i, j] - mu[i])**2)
Y[i, j] = (X[i, j] - mu[i]) / sqrt(var[i] + eps)
"""


def derived(arguments: list[str], text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return main(["derive", "-", *arguments])


def test_a_file_says_what_to_differentiate_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "layer norm.txt"
    file.write_text(LAYER_NORM)
    assert main(["derive", str(file)]) == 0
    out = capsys.readouterr().out
    assert "chain rule: through mu, var and Y" in out
    assert "proven for all sizes" in out
    assert "def layer_norm_backward(dY, saved):" in out


def test_the_code_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert derived(["--format", "numpy"], "A[i] = tanh(z[i])", monkeypatch) == 0
    assert capsys.readouterr().out.startswith("import numpy as np\n")


def test_all_of_it_as_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert derived(["--json"], "A[i] = tanh(z[i])", monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["gradients"] == {"dz[i]": "(1 - A[i]**2)*dA[i]"}
    assert found["verdict"] == "proven for all sizes"
    assert len(found["steps"][0]["lines"]) == 4


def test_all_inputs_are_taken_if_none_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert derived(["--json"], "L = mean[i]((x[i] * w - P[y[i], i])**2)", monkeypatch) == 0
    assert {name.partition("[")[0] for name in json.loads(capsys.readouterr().out)["gradients"]} == {"dx", "dw", "dP"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Y[i] = maen[j](X[i, j])", "line 1, column 8: maen[j](X[i, j]): did you mean mean[...]?"),
        ("Y[i] = sum(X[i])", "line 1, column 8: sum(X[i]): sum needs its index: sum[i](...)"),
    ],
)
def test_a_typo_gets_one_line(
    text: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert derived([], text, monkeypatch) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"derivations: {message}")
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("seconds", ["abc", "0", "nan"])
def test_seconds_are_a_positive_number(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["derive", "--seconds", seconds, "-"])
    assert f"{seconds}: expected a positive number of seconds" in capsys.readouterr().err

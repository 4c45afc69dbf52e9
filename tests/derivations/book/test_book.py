"""The book of layers: its pages carry the claims that were checked, and are made again only where something changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from derivations import derive
from derivations.book import binding, page
from derivations.book.__main__ import main
from derivations.book.cost import multiplications
from derivations.layers import Operator, operators
from derivations.proofs.statement import PROVENANCE

TANH, AFFINE = operators()["tanh"], operators()["affine"]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> dict[str, Operator]:
    """A book of two operators, made in this process."""
    chosen = {"affine": AFFINE, "tanh": TANH}
    monkeypatch.setattr(binding, "operators", lambda: chosen)
    monkeypatch.setattr(binding, "ProcessPoolExecutor", InThisProcess)
    return chosen


class InThisProcess:
    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = map


def test_a_page_shows_each_gradient_with_a_claim_that_was_proven() -> None:
    claims = {claim["id"]: claim for claim in page.claims(TANH)}
    cells = page.notebook(TANH, [TANH, operators()["sigmoid"]])["cells"]
    shown = [cell["outputs"][0]["data"][PROVENANCE] for cell in cells if cell["cell_type"] == "code"]
    backward = shown[1]["equations"]
    assert [claims[equation["claim"]]["verdict"] for equation in backward] == ["proven"]
    assert "dz" in backward[0]["latex"]
    assert {claim["source"] for claim in claims.values()} == {"derivations/layers/tanh.py:1"}
    said = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    for words in ("# Hyperbolic tangent", "dz = dA * (1 - A**2)", "torch.tanh(z)", "[Sigmoid](sigmoid.md)"):
        assert words in said


def test_what_is_unchanged_is_not_made_again(two: dict[str, Operator], tmp_path: Path) -> None:
    made: list[str] = []
    assert binding.bind(tmp_path, made.append) == []
    assert made == list(two)
    assert binding.bind(tmp_path, made.append) == []
    assert made == list(two)
    assert {file.name.partition("-")[0] for file in tmp_path.iterdir()} == {"affine", "tanh", "index.json"}


def test_a_page_of_an_operator_that_is_gone_goes(two: dict[str, Operator], tmp_path: Path) -> None:
    binding.bind(tmp_path)
    del two["tanh"]
    binding.bind(tmp_path)
    assert not list(tmp_path.glob("tanh-*"))
    assert list(tmp_path.glob("affine-*"))


def test_a_gradient_that_is_wrong_is_named(
    two: dict[str, Operator], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = derive("A[i] = tanh(z[i])", wrt="z", name="tanh")
    layer.__dict__["_source"] = layer._source.replace("1 - A**2", "1 + A**2")
    wrong = replace(TANH)
    wrong.__dict__["layer"] = layer
    two["tanh"] = wrong
    monkeypatch.setattr("derivations.book.page._code", lambda layer, operator: "")
    assert main([str(tmp_path)]) == 1
    assert "NOT AS EXPECTED: layers.tanh.code" in capsys.readouterr().err
    index = json.loads((tmp_path / "index.json").read_text())["page"]["cells"][1]["outputs"][0]["data"]["text/html"]
    assert "refuted: layers.tanh.code" in index


def test_the_command_asks_for_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: python -m derivations.book FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("forward", "wanted"),
    [
        ("Z[v, i] = sum[u](W[v, u] * X[u, i]) + b[v]", "n_i*n_u*n_v"),
        ("P[c] = softmax[c](S[c])", "n_c"),
        ("Y[i] = X[i]**3 / s", "3*n_i"),
        ("Y[i] = -relu(X[i])", "0"),
    ],
)
def test_multiplications(forward: str, wanted: str) -> None:
    assert str(multiplications(derive(forward).program.forward)) == wanted

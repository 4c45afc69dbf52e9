"""The book of layers: its pages carry the claims that were checked, and are made again only where something changed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from derivations import derive
from derivations.book import binding, wrong
from derivations.book.__main__ import main
from derivations.book.cost import multiplications
from derivations.book.page import claims, page
from derivations.layers import Operator, operators
from derivations.proofs.statement import PROVENANCE
from derivations.reverse import FormulaError

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
    checked = {claim["id"]: claim for claim in claims(TANH)}
    cells = page(TANH, [TANH, operators()["sigmoid"]])["cells"]
    shown = [cell["outputs"][0]["data"][PROVENANCE] for cell in cells if cell["cell_type"] == "code"]
    backward = shown[1]["equations"]
    assert [checked[equation["claim"]]["verdict"] for equation in backward] == ["proven"]
    assert "dz" in backward[0]["latex"]
    assert {claim["verdict"] for origin in shown for claim in origin["claims"]} == {"proven", "cross-checked"}
    assert {claim["source"] for claim in checked.values()} == {"derivations/layers/tanh.py:1"}
    said = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    for words in ("# Hyperbolic tangent", "dz = dA * (1 - A**2)", "torch.tanh(z)", "[Sigmoid](sigmoid.md)"):
        assert words in said


def test_what_is_unchanged_is_not_made_again(two: dict[str, Operator], tmp_path: Path) -> None:
    made: list[str] = []
    binding.bind(tmp_path, made.append)
    assert made == list(two)
    binding.bind(tmp_path, made.append)
    assert made == list(two)
    assert {file.name.partition("-")[0] for file in tmp_path.iterdir()} == {"affine", "tanh", "index.json"}


def test_the_index_counts_all_claims(two: dict[str, Operator], tmp_path: Path) -> None:
    binding.bind(tmp_path)
    made = [json.loads(file.read_text(encoding="utf-8"))["claims"] for file in tmp_path.glob("*-*.json")]
    verdicts = [claim["verdict"] for found in made for claim in found]
    proven, refuted = verdicts.count("proven"), verdicts.count("refuted")
    assert proven > 5
    assert refuted > 0
    shown = (tmp_path / "index.json").read_text(encoding="utf-8")
    assert f"{len(verdicts)} claims: {proven} are proven" in shown
    assert f"{refuted} are what is often written instead" in shown


def test_a_page_of_an_operator_that_is_gone_goes(two: dict[str, Operator], tmp_path: Path) -> None:
    binding.bind(tmp_path)
    del two["tanh"]
    binding.bind(tmp_path)
    assert not list(tmp_path.glob("tanh-*"))
    assert list(tmp_path.glob("affine-*"))


def test_operators_that_are_wrong_are_named_and_the_index_stays(
    two: dict[str, Operator], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    binding.bind(tmp_path)
    before = (tmp_path / "index.json").read_text(encoding="utf-8")
    layer = derive("A[i] = tanh(z[i])", wrt="z", name="tanh")
    layer.__dict__["_source"] = layer._source.replace("1 - A**2", "1 + A**2")
    two["tanh"] = wrong = replace(TANH, title="Wrong")
    wrong.__dict__["layer"] = layer
    two["affine"] = replace(AFFINE, title="Misspelt", forward="Y[v, i] = tnh(X[v, i])", wrt="X")
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr().err.splitlines()[-2:]
    assert said[0].startswith("derivations.book: derivations/layers/affine.py: line 1, column 11: ")
    assert "did you mean tanh?" in said[0]
    assert said[1] == "derivations/layers/tanh.py: layers.tanh.code is refuted"
    assert (tmp_path / "index.json").read_text(encoding="utf-8") == before


def test_a_neighbours_new_title_renews_the_page_that_names_it(two: dict[str, Operator]) -> None:
    two["other"] = replace(TANH, name="other", title="One")
    before = binding._key(TANH)
    two["other"] = replace(TANH, name="other", title="Two")
    assert binding._key(TANH) != before


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


def test_what_is_often_written_is_refuted_with_numbers() -> None:
    (outcome,) = wrong.outcomes(TANH)
    assert outcome.decision.verdict == "refuted"
    assert outcome.as_expected
    (text,) = TANH.wrong
    assert wrong.section(TANH).startswith(f"## Often written, and wrong\n\n- `{text}`: ")
    assert re.search(r"At n_i = 2, i = 0 the gradient is \S+, and this gives -3\.$", wrong.section(TANH))
    assert wrong.section(AFFINE) == ""
    assert [claim["verdict"] for claim in claims(TANH) if claim["expected"] == "fails"] == ["refuted"]


def test_a_wrong_formula_that_is_right_stops_the_book(two: dict[str, Operator], tmp_path: Path) -> None:
    two["tanh"] = replace(TANH, wrong={"dz[i] = dA[i] * (1 - A[i]**2)": "nothing"})
    with pytest.raises(binding.BindingError, match=r"tanh.py: wrong\.tanh\.1 is proven"):
        binding.bind(tmp_path)


@pytest.mark.parametrize("formula", ["dB[i] = dA[i]", "dz[i] = dA[i] * B[i]"])
def test_a_wrong_formula_is_of_the_layer(formula: str) -> None:
    with pytest.raises(FormulaError, match=r"expected one of dz, in the names A, dA, z"):
        wrong.outcomes(replace(TANH, wrong={formula: "nothing"}))

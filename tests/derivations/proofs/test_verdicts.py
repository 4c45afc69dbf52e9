"""A page takes the verdicts of the build that executes it, by the equation that was decided, and never another's."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sympy import Function, Symbol

from derivations import Derivation, affine, errata
from derivations.calculus import Index, Partial, Positive, SumsToOne, array, label, size, sum_over
from derivations.checking import current_report
from derivations.checking.report import check_all, report
from derivations.notation import C, X, Y, c, i, k, m, n, u
from derivations.proofs import Equation
from derivations.proofs.claims import ClaimError
from derivations.proofs.statement import NOT_CHECKED, Statement
from derivations.proofs.verdicts import VerdictStore, current, key_of, use
from derivations.softmax_cross_entropy import dZ2_with_labels

UNLIKELY = 0.125
"""An error that no check would find: it can only have been read."""

WriteReport = Callable[..., None]


@pytest.fixture(autouse=True)
def fresh_store() -> Iterator[None]:
    """Nothing is known at the beginning of a test, and nothing of it is known afterwards."""
    before = current()
    use(VerdictStore())
    yield
    use(before)


def use_report(statement: Statement, /, **changes: Any) -> None:
    """Let the report of a statement's claims be that of the build, each entry changed as told."""
    built = report(check_all(statement.claims()))
    for entry in built["claims"]:
        entry.update({"max_error": UNLIKELY, **changes})
    use(VerdictStore(json.loads(json.dumps(built))))


def errors(statement: Statement) -> set[Any]:
    return {entry["max_error"] for entry in statement.verify().provenance()}


def test_what_the_build_has_decided_is_not_decided_again() -> None:
    use_report(dZ2_with_labels)
    assert errors(dZ2_with_labels) == {UNLIKELY}
    assert {entry["max_error"] for entry in current_report()["claims"]} == {UNLIKELY}


@pytest.mark.parametrize(
    "change",
    [{"key": "0" * 32}, {"verdict": "undecided"}, {"verdict": "refuted"}, {"key": ""}],
    ids=lambda change: str(change),
)
def test_anything_else_is_decided_afresh(change: dict[str, str]) -> None:
    use_report(dZ2_with_labels, **change)
    assert UNLIKELY not in errors(dZ2_with_labels)
    assert {entry["verdict"] for entry in dZ2_with_labels.provenance()} == {"proven", "cross-checked"}


def test_a_report_that_compared_nothing_is_no_report() -> None:
    with pytest.raises(ValueError, match="nothing was compared"):
        use_report(dZ2_with_labels, compared=0)


def test_a_refuted_claim_keeps_its_counterexample() -> None:
    misconception = errata.relu_has_slope_at_zero
    use_report(misconception)
    (entry,) = misconception.verify().provenance()
    assert entry["verdict"] == "refuted"
    assert entry["max_error"] != UNLIKELY
    assert entry["counterexample"] is not None


def test_another_equation_of_the_same_name_and_place_is_another() -> None:
    """The definitions count: with others the same two sides are a statement of its own."""
    right = affine.forward
    use_report(right)
    other = {**right.where, right.start: 2 * right.result}
    wrong = Derivation(right.title, right.start, (right.result, right.steps[0][1]), where=other)
    assert [(link.left, link.right) for link in wrong.equations] == [
        (link.left, link.right) for link in right.equations
    ]
    assert right.verdict() == "proven for all sizes"
    assert wrong.verdict() == NOT_CHECKED
    with pytest.raises(ClaimError, match="refuted"):
        wrong.verify()


x = Symbol("x", real=True)
EQUATION = Equation(sum_over(c, Y[c, i]) * x, x, (i,), where={x: X[u, i] * 0 + 2}, assumptions=SumsToOne("Y"))


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(EQUATION, right=2 * x),
        dataclasses.replace(EQUATION, left=sum_over(c, Y[c, i]) * x * 3),
        dataclasses.replace(EQUATION, axes=(i, k)),
        dataclasses.replace(EQUATION, right_axes=(i,)),
        dataclasses.replace(EQUATION, where={x: 3}),
        dataclasses.replace(EQUATION, assumptions=()),
        dataclasses.replace(EQUATION, assumptions=(SumsToOne("Y", axis=1),)),
        dataclasses.replace(EQUATION, assumptions=(SumsToOne("Y"), Positive("Y"))),
    ],
    ids=["right", "left", "axes", "right axes", "definition", "no assumption", "another assumption", "two assumptions"],
)
def test_the_key_holds_all_that_an_equation_says(other: Equation) -> None:
    assert key_of(other) != key_of(EQUATION)
    assert key_of(dataclasses.replace(EQUATION)) == key_of(EQUATION)


def test_the_key_tells_objects_of_one_name_apart() -> None:
    q, f = size("q"), Function("f")
    sides = [
        Symbol("a", real=True),
        Symbol("a", positive=True),
        f(x),
        Function("g")(x),
        sum_over(Index("p", q), x),
        sum_over(Index("p", m), x),
        array("a", n, m)[0, 0],
        array("a", m, n)[0, 0],
        array("a", m, n, m)[0, 0, 0],
        array("a", m, n, n)[0, 0, 0],
        array("a", C, m)[label("y", C)(i), i],
        array("a", C, m)[label("z", C)(i), i],
        Partial(x**2, x),
    ]
    keys = {key_of(Equation(side, side, (i,))) for side in sides}
    assert len(keys) == len(sides)


def in_another_process(code: str, **variables: str) -> str:
    """What the code prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


ALL_KEYS = """
import json
from derivations.calculus.definitions import fresh_indices
from derivations.checking import all_claims
from derivations.notation import X, i, u
from derivations.calculus import sum_over

for _ in range(MADE_BEFORE):
    fresh_indices(sum_over(i, X[u, i]))
print(json.dumps({claim.id: [claim.statement, claim.key] for claim in all_claims()}))
"""


def test_every_claim_has_the_same_key_in_every_process() -> None:
    """Whatever seed Python's hashes have, and however many summation indices were made before: 9 and 10, 99 and 100."""
    found = [
        json.loads(in_another_process(ALL_KEYS.replace("MADE_BEFORE", made), PYTHONHASHSEED=seed))
        for seed, made in (("1", "0"), ("2", "7"), ("3", "95"))
    ]
    assert len(found[0]) > 300
    assert found[1] == found[0]
    assert found[2] == found[0]


def test_the_names_of_summation_indices_do_not_count() -> None:
    p, q = Index("p", n), Index("q", n)
    named = [
        Equation(sum_over((first, c), X[first, i] * Y[c, i]) + sum_over(second, X[second, i]), x, (i,))
        for first, second in ((p, q), (q, p), (p, p))
    ]
    assert len({key_of(equation) for equation in named}) == 1


def test_the_places_of_summation_indices_count() -> None:
    g, p, q = array("G", n, n), Index("p", n), Index("q", n)
    sums = [
        sum_over((p, q), g[p, q]),
        sum_over((p, q), g[q, p]),
        sum_over((p, q), g[p, p]),
        sum_over(p, g[p, q]),
        sum_over(q, g[p, q]),
        sum_over(p, g[q, p]),
        sum_over(p, g[p, q] * sum_over(q, g[p, q])),
        sum_over(p, g[p, q] * sum_over(p, g[p, q])),
    ]
    assert len({key_of(Equation(term, term, (p, q))) for term in sums}) == len(sums)


def test_the_build_hands_its_report_to_the_pages(tmp_path: Path) -> None:
    path = tmp_path / "checks.json"
    built = report(check_all(dZ2_with_labels.claims()))
    for entry in built["claims"]:
        entry["max_error"] = UNLIKELY
    path.write_text(json.dumps(built), encoding="utf-8")
    code = "from derivations.softmax_cross_entropy import dZ2_with_labels as found; print(found.verdict())"
    assert in_another_process(code, CHECKED_REPORT=str(path)) == "proven for all sizes"

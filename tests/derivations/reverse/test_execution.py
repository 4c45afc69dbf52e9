"""The code of a layer is compared where its formulas are defined, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derivations.reverse import derive


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("Y[j] = tanh(X[j])", "proven for all sizes"),
        ("Y[j] = log(X[j])**2", "proven for all sizes, provided that X[j] > 0"),
        ("Y[j] = log(1 - X[j])", "proven for all sizes, provided that 1 - X[j] > 0"),
        ("Y[j] = log(X[j]) * sqrt(1 - X[j]**2)", "proven for all sizes, provided that X[j] > 0, 1 - X[j]**2 > 0"),
        ("Y[j] = sqrt(X[j])", "proven for all sizes, provided that X[j] > 0, Y[j] != 0"),
        ("Y[j] = log(X[j] - 3)", "proven for all sizes, provided that X[j] - 3 > 0"),
        (
            "Y[j] = log(X[j] - 30)",
            "undecided: no numbers were found at which the formulas are defined: layer.code, the code",
        ),
    ],
)
def test_what_is_undefined_at_some_numbers_is_not_refuted(formula: str, found: str) -> None:
    assert derive(formula).verdict() == found


def test_wrong_code_is_refuted() -> None:
    layer = derive("Y[j] = sqrt(X[j])")
    check = layer._code_check(layer.numpy.replace("/ 2", "/ 3").replace("0.5", "0.4").replace("2 *", "3 *"))
    assert check.compare().verdict == "refuted"
    assert replace(check, source=layer.numpy).compare().verdict == "cross-checked"

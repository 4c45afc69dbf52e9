"""A variance is not negative, although it is written as a mean of squares that a polynomial multiplies out."""

from __future__ import annotations

import pytest

from derivations.reverse import derive

DEVIATION = "mu[i] = mean[j](X[i, j])\n{}\nY[i, j] = (X[i, j] - mu[i]) / sqrt(v[i] + eps)"


@pytest.mark.parametrize(
    "variance",
    [
        "v[i] = mean[j]((X[i, j] - mu[i])**2)",
        "s[i] = sum[j]((X[i, j] - mu[i])**2)\nv[i] = s[i] / size(j)",
        "v[i] = mean[j](abs(X[i, j] - mu[i]))",
    ],
)
def test_a_root_of_what_is_not_negative_needs_no_condition(variance: str) -> None:
    assert derive(DEVIATION.format(variance), "X", assume="eps > 0").verdict() == "proven for all sizes"


@pytest.mark.parametrize("variance", ["v[i] = mean[j]((X[i, j] - mu[i])**3)", "v[i] = mean[j](X[i, j] - 1)"])
def test_a_root_of_what_may_be_negative_needs_one(variance: str) -> None:
    found = derive(DEVIATION.format(variance), "X", assume="eps > 0").verdict()
    assert "provided that" in found
    assert "eps > 0" in found


def test_without_the_assumption_the_condition_stays() -> None:
    assert "eps > 0" in derive(DEVIATION.format("v[i] = mean[j]((X[i, j] - mu[i])**2)"), "X").verdict()

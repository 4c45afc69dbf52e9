"""From what was found to what is said: of each gradient a finding, and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from netcode.diagnosis.architecture import REDUCTIONS, Architecture
from netcode.diagnosis.comparison import Comparison
from netcode.diagnosis.diagnosis import Cause, Diagnosis, Finding
from netcode.diagnosis.explanation import Explanation
from netcode.diagnosis.layout import Layout
from netcode.diagnosis.lines import as_rows
from netcode.diagnosis.program import right_lines
from netcode.mistakes.catalogue import MEAN_OR_SUM, SLOPE_OF_OUTPUT

__all__ = ["conventions", "difference", "not_judged", "of_no_known_network", "told"]


@np.errstate(all="ignore")
def told(layout: Layout, comparison: Comparison, explanations: Sequence[Explanation]) -> Diagnosis:
    """The diagnosis of these answers by these explanations."""
    findings = [_finding(name, layout, comparison, explanations) for name in comparison.architecture.gradients]
    remarks = [f"Read with {layout}."]
    if comparison.single_precision:
        remarks.insert(0, "The gradients are float32, and judged to its seven digits.")
    return Diagnosis(findings, remarks, network=str(comparison.architecture))


def _finding(name: str, layout: Layout, comparison: Comparison, explanations: Sequence[Explanation]) -> Finding:
    if name not in comparison.answers:
        return Finding(name, "not returned")
    if comparison.is_right(name):
        chosen = conventions(comparison.architecture)
        return Finding(name, "another choice", [chosen]) if chosen else Finding(name, "right")
    if not explanations or name in explanations[0].unknown:
        return Finding(name, "not a known mistake", detail=difference(comparison, name, layout))
    lines = right_lines(comparison.architecture)
    ways: list[list[Cause]] = []
    for explanation in explanations:
        causes = [_cause(one, layout) for one in explanation.behind(name, lines)]
        if causes and [cause.mistake for cause in causes] not in [[cause.mistake for cause in way] for way in ways]:
            ways.append(causes)
    choice = any(all(cause.mistake.choice for cause in way) for way in ways)
    return Finding(name, "another choice" if choice else "known mistake", ways)


def conventions(architecture: Architecture) -> list[Cause]:
    """What would be a mistake for the usual loss, the mean cross-entropy, and is none for this one."""
    quantity = f"dZ{architecture.layers}"
    if architecture.output == "sigmoid output, squared error":
        factor = REDUCTIONS[architecture.reduction]
        return [Cause(SLOPE_OF_OUTPUT, f"{quantity} = (P - Y) * P * (1 - P){factor}", f"{quantity} = (P - Y){factor}")]
    if architecture.reduction == "sum" and architecture.output.endswith("cross-entropy"):
        return [Cause(MEAN_OR_SUM, f"{quantity} = P - Y", f"{quantity} = (P - Y) / m")]
    return []


def _cause(cause: Any, layout: Layout) -> Cause:
    wrong, right = (as_rows(one) if layout.rows else one for one in (cause.code, cause.right))
    return Cause(cause.mistake, wrong, right, None if cause.number is None else str(cause.number), cause.quantity)


def difference(comparison: Comparison, name: str, layout: Layout) -> str:
    """Where it differs most from the right gradient, at the first call at which it does, as seen in the layout."""
    near = comparison.near(name)
    for call, (given, right) in enumerate(zip(comparison.answers[name], comparison.right[name], strict=True)):
        if near[call].all():
            continue
        before = "right at the first call, but then " if call else ""
        given, right = (layout.as_columns(name, array) for array in (given, right))
        if given.shape != right.shape:
            return f"{before}shape {given.shape}; expected {right.shape}"
        errors = np.nan_to_num(np.abs(given - right), nan=np.inf)
        count = near[call].size - np.count_nonzero(near[call])
        at = tuple(int(index) for index in np.unravel_index(errors.argmax(), errors.shape))
        return f"{before}{given[at]:.6g} at {at}; expected {right[at]:.6g} ({count} of {right.size} entries differ)"
    return ""


def of_no_known_network(found: Diagnosis) -> Diagnosis:
    """Nothing is right: then it is not known either whether the network is one of those that were tried."""
    if found.network.startswith("For "):
        return found
    caution = (
        "No network that is known here has these gradients. Either more than two things are wrong, or its activation "
        "or its loss is another one: let the function return its loss as well, and its gradients are held against that."
    )
    nearest = f"The nearest one is: {found.network}."
    return found._replace(caution=caution, network="", remarks=[nearest, *found.remarks])


def not_judged(found: Diagnosis) -> Diagnosis:
    """Of a function that answers otherwise each time."""
    findings = [Finding(one.gradient, "not judged") for one in found.findings]
    caution = (
        "The function is random: asked twice for the same, it gives two answers, as dropout does. Switch that off, or "
        "begin the function with np.random.seed(0), and ask again."
    )
    return found._replace(findings=findings, caution=caution, network="")

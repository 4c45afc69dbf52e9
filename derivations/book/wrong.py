"""Gradients that are often written and are wrong: each is refuted, with numbers that one can follow."""

from __future__ import annotations

from textwrap import dedent

from sympy import Expr

from derivations.calculus.definitions import name_of
from derivations.calculus.writers.latex import latex
from derivations.layers import Operator
from derivations.proofs.claims import Claim, Outcome
from derivations.proofs.counterexample import ValueMismatch
from derivations.proofs.equation import Equation
from derivations.reverse import FormulaError, Layer
from derivations.reverse.reading import Forward, read
from derivations.reverse.walk import adjoint, axes_of

__all__ = ["outcomes", "section"]

DIGITS = 12


def outcomes(operator: Operator) -> list[Outcome]:
    """What was found of each, in the order of `operator.wrong`: as expected if it is refuted."""
    layer = operator.layer
    found = []
    for number, (formula, why) in enumerate(operator.wrong.items(), 1):
        equation = _misread(operator, formula)
        statement = f"{latex(equation.left)} = {latex(equation.right)}"
        claim = Claim.that(equation, f"wrong.{layer.id}.{number}", statement, layer.address.source, "fails", why)
        found.append(claim.known or claim.check())
    return found


def _misread(operator: Operator, formula: str) -> Equation:
    """That the gradient is what the formula says. It is read together with the forward pass, whose names it may use."""
    layer = operator.layer
    ties = [_tie(output) for output in layer.source.outputs if axes_of(output)]
    whole = read("\n".join([dedent(operator.forward), *ties, formula]))
    definitions = dict(whole.definitions)
    gradient, body = definitions.popitem()
    for _ in ties:
        definitions.popitem()
    inputs = {name: whole.inputs[name] for name in layer.source.inputs}
    same = Layer(layer.name, Forward(definitions, inputs), layer.wrt, layer.assumptions)
    wanted = {name_of(adjoint(inputs[name])): inputs[name] for name in layer.wrt}
    known = {*inputs, *map(name_of, definitions), *(name_of(adjoint(output)) for output in same.source.outputs)}
    if name_of(gradient) not in wanted or set(whole.inputs) - known:
        names = ", ".join(sorted(known))
        raise FormulaError(f"wrong: {formula}: expected one of {', '.join(wanted)}, in the names {names}")
    quantity = wanted[name_of(gradient)]
    body = body.xreplace(dict(zip(axes_of(gradient), axes_of(quantity), strict=True)))
    return Equation(same.derivative(quantity), body, axes_of(quantity), None, definitions, layer.assumptions)


def _tie(output: Expr) -> str:
    """A line that says of an output's gradient that it has the output's shape, since sizes are what a text says."""
    name, letters = name_of(output), ", ".join(map(str, axes_of(output)))
    return f"tie_{name}[{letters}] = {name}[{letters}] * d{name}[{letters}]"


def section(operator: Operator) -> str:
    """The part of the page, in Markdown; empty if nothing wrong is known."""
    if not operator.wrong:
        return ""
    lines = [
        f"- `{formula}`: {why}. {_numbers(outcome)}"
        for (formula, why), outcome in zip(operator.wrong.items(), outcomes(operator), strict=True)
    ]
    return "## Often written, and wrong\n\n" + "\n".join(lines)


def _numbers(outcome: Outcome) -> str:
    found = outcome.decision.counterexample
    if not isinstance(found, ValueMismatch):
        return f"Refuted: {outcome.decision}."
    where = ", ".join(f"{name} = {number}" for name, number in {**found.sizes, **found.at}.items())
    right, this = (round(side, DIGITS) or 0.0 for side in (found.left, found.right))  # what only rounding left is 0
    return f"At {where} the gradient is {right:.4g}, and this gives {this:.4g}."

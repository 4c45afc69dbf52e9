"""A mistake in a backward pass: a line of `netcode.network.backward`, written wrong.

The wrong backward pass is made from the source of the right one, by putting the wrong line in the place of the line
that computes the same quantity. So the corrected line is at hand, and can't differ from the code that is trained with.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any, Literal, NamedTuple

from netcode import network
from netcode.network import Backward, Forward
from netcode.parameters import Parameters
from netcode.shapes import Array

GRADIENTS = ("dW1", "db1", "dW2", "db2")

Hiding = Literal["one example", "as many classes as examples", "no penalty", "biases of 0", "no kink", "first call"]
"""Where a wrong line computes the right gradient, so that no check can see it. No penalty: lam = 0. Biases of 0: as
they are initialized. No kink: no preactivation is exactly 0. First call: the function has not been called before."""


class Number(NamedTuple):
    """A number in a wrong line that stands for any number; what the line computes changes in proportion to it."""

    written: float
    right: float
    """The number with which the line would compute what is right."""


class Mistake(NamedTuple):
    """What a learner may have done wrong."""

    name: str
    """Lower case and hyphens, so that it can be an anchor of whatever page explains the mistakes."""
    sentence: str
    """What is wrong, for the one who did it."""
    lines: tuple[str, ...]
    """The wrong lines, each of which alone is this mistake; a line that breaks has "\\n" in it."""
    hidden: tuple[Hiding, ...] = ()
    """The circumstances, each of which alone hides the mistake."""
    number: Number | None = None
    """The number that may as well be another one, if there is one."""
    choice: bool = False
    """Whether this is no error, but another choice than the one made here."""
    elsewhere: str = ""
    """The sentence where the hidden layers have another activation than ReLU, which stands there as {activation}."""

    def where(self, activation: str) -> Mistake:
        """The same mistake, told of this activation.

        >>> from netcode.mistakes import MISTAKES
        >>> mistake = next(mistake for mistake in MISTAKES if mistake.name == "activation-for-slope")
        >>> mistake.where("tanh").sentence
        'The gradient is multiplied by the slope of tanh, not by its value A1.'
        """
        if activation == "ReLU" or not self.elsewhere:
            return self
        return self._replace(sentence=self.elsewhere.format(activation=activation))


@cache
def corrected(line: str) -> str:
    """The right line: that of `backward` which computes the same quantity.

    Raises ValueError if there is no such line.
    """
    quantity = _quantity(line)
    try:
        return _lines()[quantity]
    except KeyError:
        raise ValueError(f"`{line}`: backward computes no {quantity}; expected one of {', '.join(_lines())}") from None


@cache
def touches(line: str, *others: str) -> tuple[str, ...]:
    """The gradients of parameters that depend on what the line computes: those that it makes wrong.

    With `others` in the places of their right lines.
    """
    right = list(_lines().values())
    wrong = {corrected(other): other for other in others}
    reached = set(_names(_quantity(line)))
    for later in right[right.index(corrected(line)) + 1 :]:
        quantity, _, formula = wrong.get(later, later).partition(" = ")
        if reached & set(_names(formula)):
            reached.add(quantity)
    return tuple(gradient for gradient in GRADIENTS if gradient in reached)


def backward_with(*lines: str) -> Callable[[Array, Array, Parameters, Forward, float], Backward]:
    """The backward pass in which these lines stand in the place of the right ones.

    Raises ValueError if `backward` has no line to be replaced.
    """
    namespace: dict[str, Any] = dict(vars(network))
    exec(_code(frozenset(lines)), namespace)
    return namespace["backward"]


@cache
def _code(lines: frozenset[str]) -> CodeType:
    wrong = {corrected(line): line for line in lines}
    code = [
        textwrap.indent(wrong[_without_comment(line)], " " * 4) if _without_comment(line) in wrong else line
        for line in _source()
    ]
    return compile("\n".join(code), "a wrong backward pass", "exec")


@cache
def _lines() -> dict[str, str]:
    """The lines of `backward` by what they compute, in their order."""
    code = [_without_comment(line) for line in _source()]
    return {_quantity(line): line for line in code if " = " in line}


@cache
def _source() -> list[str]:
    return inspect.getsource(network.backward).splitlines()


def _without_comment(line: str) -> str:
    return line.partition("#")[0].strip()


def _quantity(line: str) -> str:
    return line.partition(" = ")[0]


def _names(code: str) -> list[str]:
    return re.findall(r"[A-Za-z]\w*", code)

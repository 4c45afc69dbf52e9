"""Pieces of Python code that know how tightly they hold together, so that brackets come where they are needed.

>>> total = add([(False, name("x")), (True, name("y"))])
>>> total.text, divide(total, number(2)).text, power(name("x"), "2").text
('x - y', '(x - y) / 2', 'x**2')
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from derivations.calculus.functions import filled

__all__ = ["Binding", "Code", "add", "call", "divide", "name", "number", "power", "product", "template"]


class Binding(IntEnum):
    """How tightly a piece of code holds together, the loosest first."""

    SUM = 0
    PRODUCT = 1
    MATRIX_PRODUCT = 2
    POWER = 3
    ATOM = 4


@dataclass(frozen=True)
class Code:
    """An expression in Python, and the loosest operator at its top."""

    text: str
    binding: Binding = Binding.ATOM

    def at(self, binding: Binding) -> str:
        """The text, in brackets if it holds together less tightly than `binding`."""
        return self.text if self.binding >= binding else f"({self.text})"


def name(text: str) -> Code:
    """A name, or anything else that holds together by itself."""
    return Code(text)


def number(value: object) -> Code:
    """A number that is not negative."""
    return Code(str(value))


def call(function: str, *arguments: str) -> Code:
    """function(argument, ...)."""
    return Code(f"{function}({', '.join(arguments)})")


def add(terms: Sequence[tuple[bool, Code]]) -> Code:
    """The sum of terms, each of which is subtracted if its flag is set."""
    (negative, first), *rest = terms
    if not rest and not negative:
        return first
    text = f"-{first.at(Binding.PRODUCT)}" if negative else first.text
    for subtracted, term in rest:
        text += f" - {term.at(Binding.PRODUCT)}" if subtracted else f" + {term.at(Binding.PRODUCT)}"
    return Code(text, Binding.SUM)


def product(factors: Sequence[Code]) -> Code:
    """a * b * ...; 1 if there is none."""
    if not factors:
        return number(1)
    if len(factors) == 1:
        return factors[0]
    return Code(" * ".join(factor.at(Binding.POWER) for factor in factors), Binding.PRODUCT)


def divide(above: Code, below: Code) -> Code:
    """above / below."""
    return Code(f"{above.at(Binding.PRODUCT)} / {below.at(Binding.POWER)}", Binding.PRODUCT)


def matrix_product(left: Code, right: Code) -> Code:
    """left @ right; a chain is read from the left, as Python does."""
    return Code(f"{left.at(Binding.MATRIX_PRODUCT)} @ {right.at(Binding.POWER)}", Binding.MATRIX_PRODUCT)


def power(base: Code, exponent: str) -> Code:
    """base**exponent, close together where both are simple, as formatters write it."""
    simple = all(part.replace(".", "").isalnum() for part in (base.text, exponent))
    return Code(f"{base.text}**{exponent}" if simple else f"{base.at(Binding.ATOM)} ** {exponent}", Binding.POWER)


def template(pattern: str, argument: Code) -> Code:
    """A function's pattern, `np.exp({})`, with its argument.

    >>> template("1 / (1 + np.exp(-{}))", Code("x - y", Binding.SUM))
    Code(text='1 / (1 + np.exp(-(x - y)))', binding=<Binding.PRODUCT: 1>)
    """
    if argument.binding == Binding.ATOM:  # then brackets that only hold it together are not needed
        pattern = re.sub(r"(?<![\w.])\({}\)", "{}", pattern)
    around = pairwise(pattern.split("{}"))
    enclosed = all(before.endswith("(") and after[:1] in (")", ",") for before, after in around)
    text = filled(pattern, argument.text if enclosed else argument.at(Binding.ATOM))
    return Code(text, _binding_of(text))


_BINDINGS = {ast.Add: Binding.SUM, ast.Sub: Binding.SUM, ast.MatMult: Binding.MATRIX_PRODUCT, ast.Pow: Binding.POWER}


def _binding_of(text: str) -> Binding:
    top = ast.parse(text, mode="eval").body
    if isinstance(top, ast.BinOp):
        found = {
            ast.Add: Binding.SUM,
            ast.Sub: Binding.SUM,
            ast.MatMult: Binding.MATRIX_PRODUCT,
            ast.Pow: Binding.POWER,
        }
        return found.get(type(top.op), Binding.PRODUCT)
    loose = isinstance(top, (ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp))
    return Binding.SUM if loose and not text.startswith("(") else Binding.ATOM

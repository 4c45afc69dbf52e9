"""The arrays of whole numbers that say where windows read: `pk = np.arange(P)[:, None] + np.arange(K)`."""

from __future__ import annotations

import itertools
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sympy import Expr, Indexed

from derivations.calculus.definitions import name_of
from derivations.calculus.window import Window, window_of
from derivations.calculus.writers.numpy_code import numpy_code
from derivations.reverse.program import Program
from derivations.reverse.windows import Count, brackets, counts

__all__ = ["Places", "places_of"]

NOT_A_LETTER = re.compile(r"#.*|[^A-Za-z]")
"""What a machine adds to a letter: i', i#7."""

Shapes = Mapping[str, tuple[Expr, ...]]


@dataclass(frozen=True)
class Places:
    """The array of one bracket: its name, and what it is computed from."""

    name: str
    bracket: Indexed
    window: Window
    counts: Mapping[Expr, list[Count]]
    """How many windows there are, for sizes that are no array's yet."""

    def code(self, arrays: Shapes) -> str:
        """`2 * np.arange(P)[:, None] + np.arange(K) + 1`, sizes read from the arrays at hand."""
        *indices, _ = self.bracket.indices
        terms = [
            f"{'' if number == 1 else f'{number} * '}np.arange({self._size(index.size, arrays)})"
            + (f"[:{', None' * (len(indices) - 1 - axis)}]" if axis < len(indices) - 1 else "")
            for axis, (number, index) in enumerate(zip(self.window.coefficients, indices, strict=True))
        ]
        return " + ".join([*terms, *([str(self.window.offset)] if self.window.offset else [])])

    def _size(self, size: Expr, arrays: Shapes) -> str:
        known = {length for shape in arrays.values() for length in shape}
        if size in known or size not in self.counts:
            return numpy_code(size, (), arrays)
        fits = [self._count(count, arrays) for count in self.counts[size]]
        return fits[0] if len(fits) == 1 else f"min({', '.join(fits)})"

    def _count(self, count: Count, arrays: Shapes) -> str:
        if count.step == 1:
            return numpy_code(count.room + 1, (), arrays)
        return f"({numpy_code(count.room, (), arrays)}) // {count.step} + 1"


def places_of(exprs: Iterable[Expr], program: Program) -> list[Places]:
    """One for each bracket in the expressions; it is called after its letters, `pk`, throughout the program."""
    inputs = {size for name in program.inputs for size in program.shapes[name]}
    known = counts((statement.read for statement in program.forward), inputs)
    names: dict[str, str] = {}
    for bracket in brackets(statement.read for statement in (*program.forward, *program.backward)):
        letters = "".join(NOT_A_LETTER.sub("", str(index)) for index in bracket.indices[:-1])
        names.setdefault(name_of(bracket), _name(letters, {*program.shapes, *names.values()}))
    found = {name_of(bracket): (bracket, window_of(bracket)) for bracket in brackets(exprs)}
    return [Places(names[name], bracket, window, known) for name, (bracket, window) in found.items() if window]


def _name(letters: str, taken: set[str]) -> str:
    name = letters if len(letters) > 1 and not keyword.iskeyword(letters) else f"at_{letters}"
    numbered = (f"{name}{number}" for number in itertools.count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)

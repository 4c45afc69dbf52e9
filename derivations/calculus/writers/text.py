"""Index expressions as plain text, for terminals: `sum_i(dZ2[k, i] * A1[v, i]) + lam * W2[k, v]`.

A derivative through all names is `d(L)/d(W[v, u])`, one with the other names held `local d(S)/d(Q[k, i])`. Indices are
counted from 0, as in NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Basic, Indexed
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from derivations.calculus.functions import filled, function_of
from derivations.calculus.grammar import Element, Index, Local, UnevaluatedDerivative, entry, is_label
from derivations.calculus.window import window_of, windows_read
from derivations.calculus.writers.letters import Letters, bound_indices, indices_of_entries

__all__ = ["text"]


def text(expr: Basic, letters: Letters | None = None) -> str:
    """One line of plain text; its sums run over the whole range of each index, which is that of the axis it belongs to.

    Where an index belongs to no axis, its range is written: `sum_(i<m)(1)`.
    `letters` are those of the indices, where several formulas are to agree in them.

    >>> from derivations.calculus.grammar import array, size, sum_over
    >>> i, k = Index("i", size("m")), Index("k", size("n"))
    >>> text(sum_over(i, array("X", size("m"), size("n"))[i, k] ** 2))
    'sum_i(X[i, k]**2)'
    """
    return str(_Printer(letters or Letters(expr)).doprint(expr))


class _Printer(StrPrinter):
    def __init__(self, letters: Letters) -> None:
        super().__init__()
        self.letters = letters

    def _print_Sum(self, expr: Any) -> str:
        with self.letters.inside(expr):
            bound, known = bound_indices(expr), indices_of_entries(expr.function)
            letters = [self.letters[index] for index in bound]
            if (read := windows_read(expr)) is not None:
                return self._read(*read)
            inner = self._print(expr.function)
            if known.issuperset(bound):
                return f"sum_{'_'.join(letters)}({inner})"
            ranges = [f"({letter}<{self._print(index.size)})" for letter, index in zip(letters, bound, strict=True)]
            return "".join(f"sum_{one}(" for one in ranges) + inner + ")" * len(ranges)

    def _as_ordered_terms(self, expr: Any, order: str | None = None) -> list[Any]:
        """What is subtracted comes last."""
        return sorted(super()._as_ordered_terms(expr, order), key=lambda term: bool(term.could_extract_minus_sign()))

    def _print_Symbol(self, expr: Any) -> str:
        return self.letters[expr] if isinstance(expr, Index) else str(expr.name)

    def _read(self, read: Element, places: Mapping[Index, Indexed]) -> str:
        """`X[c, p + k]`"""
        name, indices = entry(read)
        written = [self._place(places[index]) if index in places else self._print(index) for index in indices]
        return f"{name}[{', '.join(written)}]"

    def _place(self, bracket: Indexed) -> str:
        window = window_of(bracket)
        return window.written([self._print(index) for index in bracket.indices[:-1]]) if window else ""

    def _print_MatrixElement(self, expr: MatrixElement | Indexed) -> str:
        if window_of(expr) is not None:
            return f"[{self._print(entry(expr)[1][-1])} = {self._place(expr)}]"
        name, indices = entry(expr)
        return f"{name}[{', '.join(self._print(index) for index in indices)}]"

    def _print(self, expr: Any, **settings: Any) -> str:
        """SymPy's entries of arrays print themselves, whatever a printer has for them."""
        return self._print_MatrixElement(expr) if isinstance(expr, Indexed) else str(super()._print(expr, **settings))

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return f"delta({self._print(expr.args[0])}, {self._print(expr.args[1])})"

    def _print_Partial(self, expr: Any) -> str:
        written = f"d({self._print(expr.expr)})/d({self._print(expr.wrt)})"
        return f"local {written}" if isinstance(expr, Local) else written

    _print_Local = _print_Partial

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> str:
        """A derivative holds together like a quotient, which it looks like."""
        if isinstance(item, UnevaluatedDerivative) and level > PRECEDENCE["Mul"]:
            return f"({self._print(item)})"
        return str(super().parenthesize(item, level, strict))

    def _print_Exp1(self, expr: Any) -> str:
        return "exp(1)"  # E may be the name of an array

    def _print_Function(self, expr: Any) -> str:
        function = function_of(expr)
        if function is None or is_label(expr):
            return str(super()._print_Function(expr))
        return filled(function.text, self._print(expr.args[0]))

    _print_relu = _print_step = _print_sigmoid = _print_softplus = _print_Function

"""Index expressions as plain text, for terminals: `sum_i(dZ2[k, i] * A1[v, i]) + lam * W2[k, v]`.

A derivative through all names is `d(L)/d(W[v, u])`, one with the other names held `local d(S)/d(Q[k, i])`. Indices are
counted from 0, as in NumPy.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Indexed
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.str import StrPrinter

from derivations.calculus.functions import filled, function_of
from derivations.calculus.grammar import Index, Local, entry, is_label
from derivations.calculus.writers.letters import Letters, bound_indices

__all__ = ["text"]


def text(expr: Basic, letters: Letters | None = None) -> str:
    """One line of plain text; its sums run over the whole range of each index.

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
            used = expr.function.free_symbols
            ranges = [
                self.letters[index] if index in used else f"({self.letters[index]}<{self._print(index.size)})"
                for index in bound_indices(expr)  # the range of an index that occurs is that of its axis
            ]
            return f"sum_{'_'.join(ranges)}({self._print(expr.function)})"

    def _print_Symbol(self, expr: Any) -> str:
        return self.letters[expr] if isinstance(expr, Index) else str(expr.name)

    def _print_MatrixElement(self, expr: MatrixElement | Indexed) -> str:
        name, indices = entry(expr)
        return f"{name}[{', '.join(self._print(index) for index in indices)}]"

    _print_Indexed = _print_MatrixElement

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return f"delta({self._print(expr.args[0])}, {self._print(expr.args[1])})"

    def _print_Partial(self, expr: Any) -> str:
        written = f"d({self._print(expr.expr)})/d({self._print(expr.wrt)})"
        return f"local {written}" if isinstance(expr, Local) else written

    _print_Local = _print_Partial

    def _print_Function(self, expr: Any) -> str:
        function = function_of(expr)
        if function is None or is_label(expr):
            return str(super()._print_Function(expr))
        return filled(function.text, self._print(expr.args[0]))

    _print_relu = _print_step = _print_sigmoid = _print_softplus = _print_Function

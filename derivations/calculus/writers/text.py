"""Index expressions as plain text, for terminals: `sum_i(dZ2[k, i] * A1[v, i]) + lam * W2[k, v]`."""

from __future__ import annotations

from typing import Any

from sympy import Basic
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.str import StrPrinter

from derivations.calculus.grammar import entry

__all__ = ["text"]


def text(expr: Basic) -> str:
    """One line of plain text; its sums run over the whole range of each index."""
    return str(_Printer().doprint(expr))


class _Printer(StrPrinter):
    def _print_Sum(self, expr: Any) -> str:
        indices = "".join(f"_{self._print(limit[0])}" for limit in reversed(expr.limits))
        return f"sum{indices}({self._print(expr.function)})"

    def _print_Symbol(self, expr: Any) -> str:
        return str(expr.name.partition("#")[0])

    def _print_MatrixElement(self, expr: MatrixElement) -> str:
        name, indices = entry(expr)
        return f"{name}[{', '.join(self._print(index) for index in indices)}]"

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return f"delta({self._print(expr.args[0])}, {self._print(expr.args[1])})"

    def _print_Partial(self, expr: Any) -> str:
        return f"d({self._print(expr.expr)})/d({self._print(expr.wrt)})"

    def _print_step(self, expr: Any) -> str:
        return f"[{self._print(expr.args[0])} > 0]"

    def _print_Transpose(self, expr: Any) -> str:
        return f"{self.parenthesize(expr.arg, 1000)}.T"

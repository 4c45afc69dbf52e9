r"""Index and matrix expressions as LaTeX, in the notation of the formulas: Z^{[2]}_{ki}, \delta_{k\,y_i},
A^{[1]\top}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sympy import Add, Basic, Expr, Indexed, Mul, Pow, Sum, Symbol, exp, log
from sympy.matrices.expressions import MatAdd, MatMul, MatrixExpr, OneMatrix
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixSymbol
from sympy.printing.latex import LatexPrinter

from derivations.calculus.grammar import Index, entry, is_label, relu, step

__all__ = ["code_in_latex", "latex", "name_in_latex", "power_of_ten"]

_GREEK = {"lam": r"\lambda", "eps": r"\varepsilon", "eta": r"\eta", "mu": r"\mu"}
_APPLIED = {
    exp: r"e^{%s}",
    log: r"\log\left(%s\right)",
    relu: r"\operatorname{ReLU}\left(%s\right)",
    step: r"\left[%s > 0\right]",
}


def latex(expr: Expr | MatrixExpr, classes: Mapping[Basic, str] | None = None) -> str:
    r"""LaTeX without delimiters. Each part that is a key of `classes` gets its class, by \htmlClass."""
    return str(_Printer(classes or {}).doprint(expr))


def name_in_latex(name: str, above: str = "") -> str:
    r"""`dZ2` -> `dZ^{[2]}`: a number at a name's end is its layer, and `above` follows it (`A^{[1]\top}`).

    An array whose examples are rows, `dZ2_rows`, gets a tilde.
    """
    base, layer, rows = re.fullmatch(r"(.+?)(\d*)(_rows)?", name).groups()  # type: ignore[union-attr]
    differential, rest = ("d", base[1:]) if len(base) == 2 and base[0] == "d" else ("", base)
    written = _GREEK.get(rest, rest if len(rest) == 1 else rf"\mathrm{{{rest}}}")
    written = differential + (rf"\widetilde{{{written}}}" if rows else written)
    upper = (f"[{layer}]" if layer else "") + above
    return f"{written}^{{{upper}}}" if upper else written


def code_in_latex(code: str) -> str:
    r"""A line of code, `A1.T` in the fixed-width face: `dZ_rows` -> `\texttt{dZ\_rows}`."""
    special = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
    return rf"\texttt{{{''.join(special.get(c, chr(92) + c if c in '_{}&%$#' else c) for c in code)}}}"


def power_of_ten(number: float) -> str:
    r"""A number with one digit, as one writes it: 2.6e-11 -> `3 \cdot 10^{-11}`."""
    digit, exponent = f"{number:.0e}".split("e")
    return rf"{digit} \cdot 10^{{{int(exponent)}}}"


def _negative(term: Basic) -> bool:
    coefficient = term.as_coeff_mmul()[0] if isinstance(term, MatrixExpr) else term
    return bool(coefficient.could_extract_minus_sign()) and not isinstance(coefficient, Add)


def _matrices_in(term: MatrixExpr) -> int:
    return len(term.as_coeff_matrices()[1]) if isinstance(term, MatMul) else 1


def _place_in_product(factor: Any) -> int:
    """Scalars, weights, the gradient that arrives from above, the rest, and sums: the order of the matrix product.

    With examples as rows it is the other way round.
    """
    if isinstance(factor, (int, Symbol)):
        return 0
    if _is_sum(factor):
        return 9
    if not isinstance(factor, (MatrixElement, Indexed)):
        return 5
    name, _ = entry(factor)
    place = 1 if name.startswith("W") else 2 if re.match("d[A-Z]", name) else 5
    return 8 - place if name.endswith("_rows") else place


def _divisor(factor: MatrixExpr) -> MatrixExpr | None:
    """What an entrywise product divides by, if this factor is a reciprocal (repeated over rows or columns, or not)."""
    if isinstance(factor, HadamardPower) and factor.exp == -1:
        return factor.base
    if isinstance(factor, MatMul):
        parts = [(part, _divisor(part)) for part in factor.args]
        if any(divisor is not None for _, divisor in parts):
            repeated = all(divisor is not None or isinstance(part, OneMatrix) for part, divisor in parts)
            return MatMul(*[part if divisor is None else divisor for part, divisor in parts]) if repeated else None
    return None


def _is_sum(expr: Basic) -> bool:
    return isinstance(expr, (Add, Sum, MatAdd))


class _Printer(LatexPrinter):
    """SymPy's printer, with the names, sums and products of this field."""

    def __init__(self, classes: Mapping[Basic, str]) -> None:
        super().__init__()
        self._classes = classes

    def _print(self, expr: Any, **kwargs: Any) -> str:
        written = str(super()._print(expr, **kwargs))
        name = self._classes.get(expr) if isinstance(expr, Basic) else None
        return rf"\htmlClass{{{name}}}{{{written}}}" if name else written

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        return expr.name.partition("#")[0] if isinstance(expr, Index) else name_in_latex(expr.name)

    def _print_MatrixElement(self, expr: MatrixElement | Indexed) -> str:
        name, indices = entry(expr)
        written = [self._print(index) for index in indices if index != 0]
        between = r"\," if any(len(index) > 1 for index in written) else ""
        return name_in_latex(name) + ("_{" + between.join(written) + "}" if written else "")

    _print_Indexed = _print_MatrixElement

    def _print_KroneckerDelta(self, expr: Any, exp: str | None = None) -> str:
        one, two = sorted((self._print(index) for index in expr.args[:2]), key=lambda index: (len(index), index))
        return rf"\delta_{{{one}{two if len(two) == 1 else chr(92) + ',' + two}}}"

    # Functions

    def _print_Function(self, expr: Any, exp: str | None = None) -> str:
        if is_label(expr):
            return f"{type(expr).__name__}_{self._print(expr.args[0])}"
        if type(expr) in _APPLIED:
            return self._applied(type(expr), expr.args[0], exp)
        return str(super()._print_Function(expr, exp))

    _print_relu = _print_step = _print_log = _print_ExpBase = _print_Function

    def _applied(self, function: type, argument: Basic, power: str | None = None) -> str:
        inner = self._print(argument)
        alone = isinstance(argument, (MatrixElement, MatrixSymbol, Symbol))
        written = rf"\log {inner}" if function is log and alone else _APPLIED[function] % inner
        return written if power is None else rf"\left({written}\right)^{{{power}}}"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        return self._applied(type(expr.function.expr), expr.expr)

    # Sums, products, powers

    def _print_Sum(self, expr: Sum) -> str:
        limits = [(self._print(index), self._print(last + 1)) for index, _, last in reversed(expr.limits)]
        sums = " ".join(rf"\sum_{{{index}=1}}^{{{size}}}" for index, size in limits)
        return f"{sums} {self._factor(expr.function, False)}"

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        # The sort is stable: sums come first, what is subtracted comes last.
        return self._terms(sorted(expr.args, key=lambda term: (_negative(term), not term.has(Sum))))

    def _print_MatAdd(self, expr: MatAdd) -> str:
        return self._terms(sorted(expr.args, key=lambda term: (_negative(term), -_matrices_in(term))))

    def _terms(self, terms: list[Any]) -> str:
        written = self._print(terms[0])
        for term in terms[1:]:
            written += f" - {self._factor(-term, True)}" if _negative(term) else f" + {self._print(term)}"
        return str(written)

    def _factor(self, expr: Basic, last: bool) -> str:
        """A factor, in parentheses where it would fall apart."""
        closed = not _is_sum(expr) or (last and isinstance(expr, Sum))
        return self._print(expr) if closed else rf"\left({self._print(expr)}\right)"

    def _print_Mul(self, expr: Any) -> str:
        if _negative(expr):
            return f"- {self._factor(-expr, True)}"
        number, rest = expr.as_coeff_Mul()
        above = [number.p] if number.p != 1 else []
        below = [number.q] if number.q != 1 else []
        tall: list[Basic] = []  # sums stand behind the fraction, not on it
        for factor in Mul.make_args(rest):
            if isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp < 0:
                below.append(1 / factor)
            else:
                (tall if _is_sum(factor) else above).append(factor)
        if len(tall) == 1 and isinstance(tall[0], Add) and below and not above and r"\frac" not in self._print(tall[0]):
            above, tall = tall, []
        if not below:
            return self._product([*above, *tall])
        fraction = rf"\frac{{{self._product(above) or 1}}}{{{self._product(below)}}}"
        return rf"{fraction} \, {self._product(tall, alone=False)}" if tall else fraction

    def _product(self, factors: list[Any], alone: bool = True) -> str:
        if alone and len(factors) == 1:
            return str(self._print(factors[0]))
        ordered = sorted(factors, key=_place_in_product)
        return r" \, ".join(self._factor(f, k == len(factors) - 1) for k, f in enumerate(ordered))

    def _print_Pow(self, expr: Any) -> str:
        # The layer stands where the exponent would: such a base gets parentheses.
        if isinstance(expr.base, (MatrixElement, Indexed)) and expr.exp.is_Integer and expr.exp > 0:
            return rf"\left({self._print(expr.base)}\right)^{{{expr.exp}}}"
        return str(super()._print_Pow(expr))

    def _print_Partial(self, expr: Any) -> str:
        inner, wrt = self._print(expr.expr), self._print(expr.wrt)
        if isinstance(expr.expr, (Symbol, MatrixElement, Indexed)):
            return rf"\frac{{\partial {inner}}}{{\partial {wrt}}}"
        return rf"\frac{{\partial}}{{\partial {wrt}}} \, {self._factor(expr.expr, True)}"

    # Matrices

    def _print_MatrixSymbol(self, expr: MatrixSymbol, style: str = "plain") -> str:
        return name_in_latex(str(expr.name))

    def _print_OneMatrix(self, expr: Any) -> str:
        rows, columns = expr.shape
        if columns == 1:
            return rf"\mathbf{{1}}_{{{self._print(rows)}}}"
        if rows == 1:
            return rf"\mathbf{{1}}_{{{self._print(columns)}}}^{{\top}}"
        return rf"\mathbf{{1}}_{{{self._print(rows)} \times {self._print(columns)}}}"

    def _print_Identity(self, expr: Any) -> str:
        return "I"

    def _print_Transpose(self, expr: Any) -> str:
        if isinstance(expr.arg, MatrixSymbol):
            return name_in_latex(str(expr.arg.name), r"\top")
        return rf"\left({self._print(expr.arg)}\right)^{{\top}}"

    def _print_MatMul(self, expr: MatMul) -> str:
        coefficient, factors = expr.as_coeff_matrices()
        if coefficient.could_extract_minus_sign():
            return f"- {self._print(-expr)}"
        product = r" \, ".join(
            rf"\left({self._print(f)}\right)" if isinstance(f, (MatAdd, HadamardProduct)) else self._print(f)
            for f in factors
        )
        return product if coefficient == 1 else rf"{self._print(coefficient)} \, {product}"

    def _print_HadamardProduct(self, expr: HadamardProduct) -> str:
        written = ""
        for factor in expr.args:
            divisor = _divisor(factor)
            sign = r" \oslash " if divisor is not None else r" \odot "
            shown = factor if divisor is None else divisor
            inner = self._print(shown)
            written += sign + (rf"\left({inner}\right)" if isinstance(shown, (MatAdd, MatMul)) else inner)
        return written.removeprefix(r" \odot ")

    def _print_HadamardPower(self, expr: HadamardPower) -> str:
        return rf"\left({self._print(expr.base)}\right)^{{\circ {self._print(expr.exp)}}}"

r"""Index and matrix expressions as LaTeX, in the notation of a chapter: Z^{[2]}_{ki}, \delta_{k\,y_i}, A^{[1]\top}.

On paper ranges are counted from 1, so the entry X[0, 2] of the calculus is written X_{13}. An axis of length 1 has no
index on paper: b[v, 0] is b_v. A sum reaches as far as the term goes that it begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Add, Basic, Expr, Indexed, Integer, KroneckerDelta, Mul, Number, Pow, S, Sum, Symbol
from sympy.matrices.expressions import MatAdd, MatMul, MatrixExpr, OneMatrix
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixSymbol
from sympy.printing.latex import LatexPrinter

from derivations.calculus.evaluate import shape_of
from derivations.calculus.functions import filled, function_of
from derivations.calculus.grammar import Element, Index, Local, entry, is_label
from derivations.calculus.window import window_of, windows_read
from derivations.calculus.writers.letters import Letters, bound_indices
from derivations.calculus.writers.notation import PLAIN, Notation, escaped, name_in_latex

__all__ = ["code_in_latex", "latex", "power_of_ten"]


def latex(
    expr: Expr | MatrixExpr,
    notation: Notation = PLAIN,
    *,
    letters: Letters | None = None,
    classes: Mapping[Basic, str] | None = None,
    named: bool = False,
) -> str:
    r"""LaTeX without delimiters.

    `letters` are those of the indices, where several formulas are to agree in them. Each part that is a key of
    `classes` gets its class, by \htmlClass; if `named`, each array and scalar gets its name, \htmlData{q=dZ2}{...}.

    >>> from derivations.calculus.grammar import array, size, sum_over
    >>> i, k = Index("i", size("m")), Index("k", size("n"))
    >>> print(latex(sum_over(i, array("X", size("m"), size("n"))[i, k])))
    \sum_{i=1}^{m} X_{ik}
    """
    return str(_Printer(notation, letters or Letters(expr), classes or {}, named).doprint(expr))


def code_in_latex(code: str) -> str:
    r"""A line of code in the fixed-width face: `dZ_rows` -> `\texttt{dZ\_rows}`."""
    return rf"\texttt{{{escaped(code)}}}"


def power_of_ten(number: float) -> str:
    r"""A number with one digit, as one writes it: 2.6e-11 -> `3 \cdot 10^{-11}`."""
    digit, exponent = f"{number:.0e}".split("e")
    return rf"{digit} \cdot 10^{{{int(exponent)}}}"


def _negative(term: Basic) -> bool:
    coefficient = term.as_coeff_mmul()[0] if isinstance(term, MatrixExpr) else term
    return bool(coefficient.could_extract_minus_sign()) and not isinstance(coefficient, Add)


def _matrices_in(term: MatrixExpr) -> int:
    return len(term.as_coeff_matrices()[1]) if isinstance(term, MatMul) else 1


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
    """SymPy's printer, with a chapter's names, and the sums and products of this field."""

    def __init__(self, notation: Notation, letters: Letters, classes: Mapping[Basic, str], named: bool) -> None:
        super().__init__()
        self.notation, self.letters, self.classes, self.named = notation, letters, classes, named

    def _print(self, expr: Any, **kwargs: Any) -> str:
        # A name may be e as well: the number is written as a power.
        written = "e^{1}" if expr is S.Exp1 else str(super()._print(expr, **kwargs))
        name = self.classes.get(expr) if isinstance(expr, Basic) else None
        return rf"\htmlClass{{{name}}}{{{written}}}" if name else written

    # Names and indices

    def _name(self, name: str, above: str = "", below: str = "") -> str:
        return name_in_latex(name, self.notation, above, below, named=self.named)

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        return self._letter(expr) if isinstance(expr, Index) else self._name(expr.name)

    def _letter(self, index: Index) -> str:
        return escaped(self.letters[index])

    def _read(self, read: Element, places: Mapping[Index, Indexed]) -> str:
        r"""X_{c,\,p + k - 1}"""
        name, indices = entry(read)
        written = [self._window(places[index]) if index in places else self._place(index) for index in indices]
        return self._name(name, below="_{" + r",\,".join(written) + "}")

    def _window(self, bracket: Indexed) -> str:
        window = window_of(bracket)
        letters = [self._place(index) for index in bracket.indices[:-1]]
        return window.written(letters, first=1, times=" ") if window else ""

    def _print_MatrixElement(self, expr: MatrixElement | Indexed) -> str:
        if window_of(expr) is not None:
            return rf"\left[{self._place(entry(expr)[1][-1])} = {self._window(expr)}\right]"
        name, indices = entry(expr)
        return self._name(name, below=self._subscript(indices, shape_of(expr)))

    _print_Indexed = _print_MatrixElement

    def _subscript(self, indices: tuple[Expr, ...], shape: tuple[Expr, ...]) -> str:
        written = [self._place(index) for index, length in zip(indices, shape, strict=True) if length != 1]
        between = r"\," if any(len(index) > 1 for index in written) else ""
        return "_{" + between.join(written) + "}" if written else ""

    def _place(self, index: Expr) -> str:
        """An index as it is counted on paper, from 1."""
        return str(index + 1) if isinstance(index, Integer) else self._print(index)

    def _print_KroneckerDelta(self, expr: Any, exp: str | None = None) -> str:
        one, two = sorted((self._place(index) for index in expr.args[:2]), key=lambda index: (len(index), index))
        between = r"\," if len(two) > 1 else ""
        return rf"\delta_{{{one}{between}{two}}}"

    # Functions

    def _print_Function(self, expr: Any, exp: str | None = None) -> str:
        if is_label(expr):
            return f"{self._name(type(expr).__name__)}_{{{self._place(expr.args[0])}}}"
        function = function_of(expr)
        if function is None:
            return str(super()._print_Function(expr, exp))
        return self._applied(function.latex, expr.args[0], exp)

    _print_relu = _print_step = _print_sigmoid = _print_softplus = _print_sign = _print_Abs = _print_Function
    _print_log = _print_ExpBase = _print_erf = _print_tanh = _print_sin = _print_cos = _print_Function

    def _applied(self, template: str, argument: Basic, power: str | None = None) -> str:
        alone = isinstance(argument, (MatrixElement, Indexed, MatrixSymbol, Symbol))
        short = template.startswith(r"\log") and alone
        written = rf"\log {self._print(argument)}" if short else filled(template, self._print(argument))
        return written if power is None else rf"\left({written}\right)^{{{power}}}"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        function = function_of(expr.function.expr)
        return self._applied(function.latex, expr.expr) if function else str(super()._print(expr))

    def _print_Partial(self, expr: Any) -> str:
        sign = r"\partial" if isinstance(expr, Local) else self.notation.partial
        wrt = self._print(expr.wrt)
        if isinstance(expr.expr, (Symbol, MatrixElement, Indexed)):
            written = rf"\frac{{{sign} {self._print(expr.expr)}}}{{{sign} {wrt}}}"
        else:
            inner = self._print(expr.expr)
            inner = rf"\left({inner}\right)" if isinstance(expr.expr, (Add, Mul, Sum)) else inner
            written = rf"\frac{{{sign}}}{{{sign} {wrt}}} \, {inner}"
        held = isinstance(expr, Local) and self.notation.partial == sign
        return rf"\left.{written}\right|_{{\text{{local}}}}" if held else written

    _print_Local = _print_Partial

    # Sums, products, powers

    def _print_Sum(self, expr: Sum) -> str:
        with self.letters.inside(expr):
            if (read := windows_read(expr)) is not None:
                return self._read(*read)
            limits = [(self._letter(index), self._print(index.size)) for index in bound_indices(expr)]
            sums = " ".join(rf"\sum_{{{letter}=1}}^{{{size}}}" for letter, size in limits)
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
        loose = _is_sum(expr) or (isinstance(expr, (Mul, Number)) and _negative(expr))
        closed = not loose or (last and isinstance(expr, Sum))
        return self._print(expr) if closed else rf"\left({self._print(expr)}\right)"

    def _print_Mul(self, expr: Any) -> str:
        if _negative(expr):
            return f"- {self._factor(-expr, True)}"
        number, rest = expr.as_coeff_Mul()
        above = [number.p] if number.p != 1 else []
        below = [number.q] if number.q != 1 else []
        tall: list[Basic] = []  # sums come behind the fraction, not on it
        for factor in Mul.make_args(rest):
            if isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp < 0:
                below.append(1 / factor)
            else:
                (tall if _is_sum(factor) else above).append(factor)
        above.sort(key=lambda factor: window_of(factor) is not None)  # what picks a place comes last
        if below and not above and len(tall) == 1 and self._is_low(tall[0]):
            above, tall = tall, []
        if not below:
            return self._product([*above, *tall])
        fraction = rf"\frac{{{self._product(above) or 1}}}{{{self._product(below)}}}"
        return rf"{fraction} \, {self._product(tall, alone=False)}" if tall else fraction

    def _is_low(self, expr: Basic) -> bool:
        """A sum of terms that may be above a fraction's bar: none of them is a fraction or a sum over an index."""
        return isinstance(expr, Add) and not expr.has(Sum) and r"\frac" not in self._print(expr)

    def _product(self, factors: list[Any], alone: bool = True) -> str:
        if alone and len(factors) == 1:
            return str(self._print(factors[0]))
        ordered = sorted(factors, key=self._rank)
        return r" \, ".join(self._factor(f, k == len(factors) - 1) for k, f in enumerate(ordered))

    def _rank(self, factor: Any) -> tuple[int, int]:
        """Scalars, then arrays in the notation's order, functions of them, and sums: these reach to the end."""
        if isinstance(factor, (int, Symbol)):
            return 0, 0
        if isinstance(factor, (MatrixElement, Indexed)):
            return 1, self.notation.rank(entry(factor)[0])
        if isinstance(factor, KroneckerDelta):
            return 1, self.notation.rank("")
        return 3 if _is_sum(factor) else 2, 0

    def _print_Pow(self, expr: Any) -> str:
        # A layer's number is written above a name: such a base gets parentheses.
        if isinstance(expr.base, (MatrixElement, Indexed)) and expr.exp.is_Integer and expr.exp > 0:
            return rf"\left({self._print(expr.base)}\right)^{{{expr.exp}}}"
        return str(super()._print_Pow(expr))

    # Matrices

    def _print_MatrixSymbol(self, expr: MatrixSymbol, style: str = "plain") -> str:
        return self._name(str(expr.name))

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
            return self._name(str(expr.arg.name), r"\top")
        return rf"\left({self._print(expr.arg)}\right)^{{\top}}"

    def _print_MatMul(self, expr: MatMul) -> str:
        coefficient, factors = expr.as_coeff_matrices()
        if _negative(expr):
            return f"- {self._print(-expr)}"
        product = r" \, ".join(
            rf"\left({self._print(f)}\right)" if isinstance(f, (MatAdd, HadamardProduct)) else self._print(f)
            for f in factors
        )
        return product if coefficient == 1 else rf"{self._factor(coefficient, False)} \, {product}"

    def _print_HadamardProduct(self, expr: HadamardProduct) -> str:
        """What is multiplied, names first, and then what is divided by."""
        factors = sorted(expr.args, key=lambda f: (_divisor(f) is not None, not isinstance(f, MatrixSymbol)))
        written = self._entrywise_factor(factors[0])
        for factor in factors[1:]:
            divisor = _divisor(factor)
            sign = r" \odot " if divisor is None else r" \oslash "
            written += sign + self._entrywise_factor(factor if divisor is None else divisor)
        return written

    def _entrywise_factor(self, factor: MatrixExpr) -> str:
        written = self._print(factor)
        return rf"\left({written}\right)" if isinstance(factor, (MatAdd, MatMul, HadamardProduct)) else written

    def _print_HadamardPower(self, expr: HadamardPower) -> str:
        return rf"\left({self._print(expr.base)}\right)^{{\circ {self._print(expr.exp)}}}"

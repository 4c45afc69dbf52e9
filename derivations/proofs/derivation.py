"""A derivation: an expression, then step by step what it equals and why. Every link is proven for all sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from itertools import pairwise
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sympy import Expr, Indexed, Symbol, sympify
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import evaluate, free_quantities, shape_of, sizes_of
from derivations.calculus.grammar import Index, entry, free_indices
from derivations.calculus.matrix_form import NoMatrixFormError, entry_of, matrix_form
from derivations.calculus.writers.latex import code_in_latex, latex
from derivations.calculus.writers.letters import Letters
from derivations.calculus.writers.notation import name_in_latex
from derivations.calculus.writers.numpy_code import NoCodeError, numpy_code, python_name
from derivations.calculus.writers.reasons import reason_for_page, reason_in_latex, reason_in_text
from derivations.calculus.writers.text import text
from derivations.proofs.claims import PROVENANCE, Claim, ClaimError, Statement
from derivations.proofs.decide import decide
from derivations.proofs.equation import Equation
from derivations.proofs.numpy_line import NumpyLine

__all__ = ["Derivation"]


class Derivation(Statement):
    """start = step 1 = step 2 = ...; each step is (expression, reason).

    - `where`: what the names stand for (see `Definitions`)
    - `assumptions`: what may be assumed of the arrays
    - `axes`: the indices of the result's axes in order; left out, they are those of `start` as they are written
    - `instances`: the names that this derivation's arrays have in the network, once for each place where it is used
    """

    def __init__(
        self,
        title: str,
        start: Expr,
        *steps: tuple[Expr | int, str],
        where: Definitions | None = None,
        assumptions: Iterable[Assumption] = (),
        axes: tuple[Index, ...] | None = None,
        instances: Iterable[Mapping[str, str]] = ({},),
    ) -> None:
        super().__init__(title)
        if not steps:
            raise ValueError(f"{title}: a derivation needs at least one step")
        self.start = start
        self.steps = tuple((sympify(expr), reason) for expr, reason in steps)
        for before, (expr, reason) in zip([start, *(expr for expr, _ in self.steps)], self.steps, strict=False):
            if text(before) == text(expr):
                raise ValueError(f"{title}: the step {reason!r} changes nothing (SymPy may have simplified it at once)")
        self.where: Definitions = dict(where or {})
        self.assumptions = tuple(assumptions)
        self.axes = axes if axes is not None else free_indices(start)
        self.instances = tuple(instances)

    # The result, in three forms

    @property
    def result(self) -> Expr:
        """The last expression, in index form."""
        return self.steps[-1][0]

    @property
    def result_name(self) -> str | None:
        """The name of the array or scalar that this derivation is about, if it starts from one."""
        return name_of(self.start) if isinstance(self.start, (MatrixElement, Indexed, Symbol)) else None

    @cached_property
    def matrix(self) -> MatrixExpr | None:
        """The result as a matrix expression, computed from the index form; None if it has none."""
        rows_and_columns = self._matrix_axes
        if rows_and_columns is None:
            return None
        try:
            return matrix_form(self.result, *rows_and_columns)
        except NoMatrixFormError:
            return None

    @property
    def _matrix_axes(self) -> tuple[Index | int, Index | int] | None:
        if isinstance(self.start, MatrixElement):
            row, column = (index if isinstance(index, Index) else 0 for index in entry(self.start)[1])
            return (row, column) if self._starts_from_whole_array else None
        match self.axes:
            case ():
                return 0, 0
            case (row, column):
                return row, column
        return None

    @cached_property
    def numpy(self) -> str:
        """The result as a line of NumPy, `dW2 = dZ2 @ A1.T + lam * W2`; without a name, the right side alone.

        It was run and compared with the formula: ClaimError if they differ, NoCodeError if the result has no code.
        """
        line = self._numpy_line
        decision = line.compare()
        if decision.verdict == "refuted":
            raise ClaimError(f"{self.id}.numpy: {decision.reason} {decision.counterexample or ''}")
        if self.result_name is None or not self._starts_from_whole_array:
            return line.code
        return f"{python_name(self.result_name)} = {line.code}"

    @property
    def _starts_from_whole_array(self) -> bool:
        """Whether the start says all entries of an array: `Z[v, i]`, but not its column `Z[v, 0]` or diagonal."""
        if not isinstance(self.start, (MatrixElement, Indexed)):
            return isinstance(self.start, Symbol)
        indices, shape = entry(self.start)[1], shape_of(self.start)
        running = [index for index in indices if isinstance(index, Index)]
        fixed = [length for index, length in zip(indices, shape, strict=True) if not isinstance(index, Index)]
        return len(set(running)) == len(running) and all(length == 1 for length in fixed)

    @cached_property
    def _numpy_line(self) -> NumpyLine:
        code = numpy_code(self.result, self._shown_axes, self._arrays, self.notation.named_sizes)
        return NumpyLine(code, self.result, self._shown_axes, self.where, self.assumptions)

    @property
    def _arrays(self) -> dict[str, tuple[Expr, ...]]:
        """The arrays that a reader of the line has at hand, with their shapes."""
        quantities = free_quantities([*self.where, *self.where.values(), self.start])
        return {name: shape_of(q) for name, q in quantities.items() if name != self.result_name and shape_of(q)}

    def evaluate(self, **values: npt.ArrayLike) -> npt.NDArray[Any]:
        """The result on arrays, given by name: `dW2.evaluate(dZ2=dZ2, A1=A1, W2=W2, lam=1e-3)`.

        Names that the result contains and that aren't given are computed from their definitions. The sizes come from
        the arrays' shapes. Raises ShapeError if these don't fit together, KeyError if a value is missing.
        """
        known = free_quantities([self.start, self.result, *self.where, *self.where.values()])
        unknown = [name for name in values if name not in known]
        if unknown:
            raise KeyError(f"{self.id}: there is no {unknown[0]} here, only {', '.join(sorted(known))}")
        sizes = sizes_of({known[name]: value for name, value in values.items()})
        result = evaluate(self.result, self.axes, values, sizes, self.where)
        shape = [result.shape[self.axes.index(a)] if isinstance(a, Index) else 1 for a in self._shown_axes]
        return np.reshape(result, shape)

    @property
    def _shown_axes(self) -> tuple[Index | int, ...]:
        """The axes of the array as NumPy code has it: a vector keeps both."""
        return entry(self.start)[1] if isinstance(self.start, (MatrixElement, Indexed)) else self.axes

    # The proof

    def claims(self) -> list[Claim]:
        """One claim for each link, and that the matrix form and the line of NumPy have the index form's entries."""
        chain = [self.start, *(expr for expr, _ in self.steps)]
        lines = self._lines_of_steps()
        claims = [
            self._claim(f"{number}", f"{self._latex(left)} = {self._latex(right)}", left, right, line)
            for number, ((left, right), line) in enumerate(zip(pairwise(chain), lines, strict=True), start=1)
        ]
        if self.matrix is not None and self._matrix_axes is not None:
            back = entry_of(self.matrix, *self._matrix_axes)
            claims.append(self._claim("matrix", self.matrix_latex, self.result, back, self.line))
        with suppress(NoCodeError):
            line = self._numpy_line
            claims.append(Claim(f"{self.id}.numpy", code_in_latex(line.code), self.source(), line.compare))
        return claims

    def _claim(self, part: str, statement: str, left: Expr, right: Expr, line: int) -> Claim:
        equation = Equation(left, right, self.axes, where=self.where, assumptions=self.assumptions)
        return Claim(f"{self.id}.{part}", statement, self.source(line), partial(decide, equation))

    def _lines_of_steps(self) -> list[int]:
        """The line of each step in the chapter's source, so that a failing link can be found at once."""
        try:
            tree = ast.parse(self._file.read_text(encoding="utf-8"))
        except (OSError, SyntaxError):
            return [self.line] * len(self.steps)
        calls = (
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and node.lineno <= self.line <= (node.end_lineno or 0)
        )
        for call in calls:
            if getattr(call.func, "id", None) == "Derivation":
                lines = [step.lineno for step in call.args[2:]]
                if len(lines) == len(self.steps):  # else they are written elsewhere and handed on
                    return lines
        return [self.line] * len(self.steps)

    def prove(self) -> Self:
        """This derivation, after every link was proven; ClaimError otherwise. What a page shows."""
        return self.verify()

    # How it is written

    def _latex(self, expr: Expr | MatrixExpr) -> str:
        return latex(expr, self.notation, letters=self._letters)

    @cached_property
    def _letters(self) -> Letters:
        """One letter for each index in all steps."""
        return Letters(self.start, *(expr for expr, _ in self.steps))

    @property
    def matrix_latex(self) -> str:
        """The result's matrix form as an equation in LaTeX; empty if there is none."""
        if self.matrix is None:
            return ""
        matrix = self._latex(self.matrix)
        return f"{name_in_latex(self.result_name, self.notation)} = {matrix}" if self.result_name else matrix

    @property
    def statement_latex(self) -> str:
        """What is derived, in one equation between the start and the result."""
        return f"{self._latex(self.start)} = {self._latex(self.result)}"

    def latex(self) -> str:
        """The chain as aligned LaTeX, a reason beside each step, without delimiters."""
        lines = [
            rf"{self._latex(self.start) if number == 0 else ''} &= {self._latex(expr)}"
            rf" && {{\small\text{{{reason_in_latex(reason, self.notation)}}}}}"
            for number, (expr, reason) in enumerate(self.steps)
        ]
        return "\\begin{aligned}\n" + " \\\\[0.6em]\n".join(lines) + "\n\\end{aligned}"

    def lines(self) -> list[dict[str, str]]:
        """The lines for a page: `latex` is what follows the sign =, `part` names the claim, names in `reason` are in $.

        The last line is the matrix form, where an array has one.
        """
        lines = [
            {"part": f"{number}", "latex": self._named(expr), "reason": reason_for_page(reason, self.notation)}
            for number, (expr, reason) in enumerate(self.steps, start=1)
        ]
        if isinstance(self.start, MatrixElement) and self.matrix is not None:
            equation = f"{self._named(self.start.parent)} = {self._named(self.matrix)}"
            lines.append({"part": "matrix", "latex": equation, "reason": "the same as matrices"})
        return lines

    def _named(self, expr: Expr | MatrixExpr) -> str:
        return latex(expr, self.notation, letters=self._letters, named=True)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        origin = super()._repr_mimebundle_(**options)[PROVENANCE]
        return {PROVENANCE: {**origin, "start": self._named(self.start), "lines": self.lines()}}

    def text(self) -> str:
        """The chain as plain text, a step a line."""
        lines = [f"{self.id}: {self.title}", "", f"    {text(self.start, self._letters)}"]
        for expr, reason in self.steps:
            lines += [f"  = {text(expr, self._letters)}", f"        {reason_in_text(reason)}"]
        for fact in self.assumptions:
            lines.append(f"  assuming that {fact}")
        return "\n".join(lines)

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def __repr__(self) -> str:
        return self.text()

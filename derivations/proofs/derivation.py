"""A derivation: an expression, then step by step what it equals and why. Every link is proven for all sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sympy import Expr, Indexed, Symbol
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, by_name, name_of, names_in
from derivations.calculus.evaluate import evaluate, free_quantities, shape_of, sizes_of
from derivations.calculus.grammar import Index, entry, free_indices
from derivations.calculus.matrix_form import NoMatrixFormError, entry_of, matrix_form
from derivations.calculus.window import window_of
from derivations.calculus.writers.latex import code_in_latex, latex
from derivations.calculus.writers.letters import Letters
from derivations.calculus.writers.notation import Notation, name_in_latex
from derivations.calculus.writers.notes import Note, notes
from derivations.calculus.writers.numpy_code import numpy_code
from derivations.calculus.writers.python_names import NoCodeError, python_name
from derivations.calculus.writers.reasons import reason_for_page, reason_in_latex, reason_in_text
from derivations.calculus.writers.text import text
from derivations.proofs import verdicts
from derivations.proofs.claims import Claim, ClaimError, Outcome
from derivations.proofs.conditions import proven
from derivations.proofs.equation import Equation, as_expression, as_tuple
from derivations.proofs.numpy_line import NumpyLine
from derivations.proofs.registry import Address
from derivations.proofs.statement import PROVENANCE, Statement
from derivations.proofs.validation import IllFormedError, validate_names

__all__ = ["Derivation"]


class Derivation(Statement):
    """start = step 1 = step 2 = ...; each step is (expression, reason).

    - `where`: what the names stand for (see `Definitions`)
    - `assumptions`: what else is known of the arrays
    - `axes`: the indices of the result's axes in order; left out, they are those of `start` as they are written
    - `instances`: the names that this derivation's arrays have in the network, once for each layer that it is used in;
      an empty list, if the network has no such quantity
    - `notation`: how names are written; left out, it is that of the module

    >>> from derivations.notation import A1, Z1, i, v
    >>> from derivations.calculus import relu, step
    >>> relu_as_mask = Derivation(
    ...     "ReLU is its input times a mask",
    ...     A1[v, i],
    ...     (relu(Z1[v, i]), "the definition"),
    ...     (Z1[v, i] * step(Z1[v, i]), "what is positive passes"),
    ...     where={A1[v, i]: relu(Z1[v, i])},
    ... )
    >>> relu_as_mask.prove().numpy
    'A1 = Z1 * (Z1 > 0)'

    Raises IllFormedError, one line with the step's reason, if a step is no equation. It can't be changed afterwards.
    """

    def __init__(
        self,
        title: str,
        start: Expr | int,
        *steps: tuple[Expr | int, str],
        where: Definitions | None = None,
        assumptions: Assumption | Iterable[Assumption] = (),
        axes: Iterable[Index] | None = None,
        instances: Iterable[Mapping[str, str]] = ({},),
        notation: Notation | None = None,
    ) -> None:
        super().__init__(title)
        self._notation = notation
        self.start = as_expression(start)
        self.steps = tuple(self._step(step) for step in steps)
        if not self.steps:
            raise IllFormedError(f"{title}: a derivation needs at least one step")
        self.axes = tuple(axes) if axes is not None else free_indices(self.start)
        self.instances = tuple(MappingProxyType(dict(names)) for names in instances)
        self.assumptions = as_tuple(assumptions)
        self.equations = self._equations(
            {as_expression(name): as_expression(body) for name, body in (where or {}).items()}
        )
        self.where = self.equations[0].where
        validate_names([self.start, *(expr for expr, _ in self.steps)], self.where, self.assumptions)
        self._require_a_definition()

    def _step(self, step: Any) -> tuple[Expr, str]:
        if not (isinstance(step, tuple) and len(step) == 2 and isinstance(step[1], str)):
            raise IllFormedError(f"{self.title}: a step is (expression, reason), got {step}")
        return as_expression(step[0]), step[1]

    def _equations(self, where: Definitions) -> tuple[Equation, ...]:
        """One for each link of the chain."""
        links: list[Equation] = []
        before = self.start
        for expr, reason in self.steps:
            try:
                links.append(self._link(before, expr, where))
            except IllFormedError as error:
                raise IllFormedError(f"{self.title}, step {reason!r}: {error}") from None
            if text(before) == text(expr):
                raise IllFormedError(
                    f"{self.title}: the step {reason!r} changes nothing (SymPy may have simplified it at once)"
                )
            before = expr
        return tuple(links)

    def link(self, left: Expr, right: Expr) -> Equation:
        """left = right, as a link of this derivation would claim it. Raises IllFormedError if it is no equation."""
        return self._link(left, right, self.where)

    def _link(self, left: Expr, right: Expr, where: Definitions) -> Equation:
        """With those assumptions that speak of its names."""
        names = set().union(*map(names_in, [left, right, *where, *where.values()]))
        facts = [fact for fact in self.assumptions if fact.array in names]
        return Equation(left, right, self.axes, where=where, assumptions=facts)

    def _require_a_definition(self) -> None:
        if self.result_name is not None and self.result_name not in by_name(self.where):
            raise IllFormedError(f"{self.title}: {self.result_name} has no definition: say in `where` what it is")

    @property
    def notation(self) -> Notation:
        """How this derivation's names are written."""
        return self._notation or super().notation

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

    @property
    def numpy(self) -> str:
        """The result as a line of NumPy, `dW2 = dZ2 @ A1.T + lam * W2`; without a name, the right side alone.

        It was run and compared with the formula: ClaimError if they differ, or if a step was found to be wrong;
        NoCodeError if the result has no code.
        """
        self._require_not_refuted()
        return self._compared_line

    def _require_not_refuted(self) -> None:
        """A line that follows from a wrong step is right code of a wrong formula."""
        if (wrong := self._found_wrong()) is not None:
            raise ClaimError(str(wrong))

    @cached_property
    def _compared_line(self) -> str:
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
        return NumpyLine(code, self.result, self._shown_axes, self.where, self.assumptions, self._arrays)

    @property
    def _arrays(self) -> dict[str, tuple[Expr, ...]]:
        """The arrays that a reader of the line has at hand, with their shapes."""
        quantities = free_quantities([*self.where, *self.where.values(), self.start])
        named = {name: shape_of(q) for name, q in quantities.items() if window_of(q) is None}
        return {name: shape for name, shape in named.items() if name != self.result_name and shape}

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
        address = self.address
        claims = [
            Claim.that(
                link,
                f"{address.id}.{number}",
                f"{self._latex(link.left)} = {self._latex(link.right)}",
                source,
                step=reason,
            )
            for number, (link, source, (_, reason)) in enumerate(
                zip(self.equations, self._sources_of_steps(address), self.steps, strict=True), start=1
            )
        ]
        if self.matrix is not None and self._matrix_axes is not None:
            back = entry_of(self.matrix, *self._matrix_axes)
            same = replace(self.equations[-1], left=self.result, right=back)
            name = f"{address.id}.matrix"
            claims.append(Claim.that(same, name, self.matrix_latex, address.source, step="the matrix form"))
        with suppress(NoCodeError):
            claims.append(self._claim_of_the_line(self._numpy_line, address))
        return claims

    def _claim_of_the_line(self, line: NumpyLine, address: Address) -> Claim:
        key = f"{line.code}: {verdicts.key_of(self.equations[-1])}"
        name, statement = f"{address.id}.numpy", code_in_latex(line.code)
        return Claim(name, statement, address.source, line.compare, step="the line of NumPy", key=key)

    def _sources_of_steps(self, address: Address) -> list[str]:
        """The line of each step in the source, so that a failing link is found at once."""
        lines = address.arguments[2:]
        if len(lines) != len(self.steps):  # the steps are written elsewhere and handed on
            return [address.source] * len(self.steps)
        return [f"{address.file}:{line}" for line in lines]

    def prove(self) -> Self:
        """This derivation, after every link was proven; ClaimError otherwise. What a page shows."""
        return self.verify()

    def _confirmed(self, outcomes: list[Outcome]) -> str:
        return proven(condition for outcome in outcomes for condition in outcome.decision.provided)

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
        claimed = {claim["id"].rpartition(".")[2] for claim in origin["claims"]}
        # A line that nothing is claimed of is a definition, the first of what `derive` makes.
        lines = [line if line["part"] in claimed else {**line, "part": ""} for line in self.lines()]
        names = self.notes([line["latex"] for line in lines])
        return {PROVENANCE: {**origin, "start": self._named(self.start), "lines": lines, "names": names}}

    def notes(self, written: Iterable[str] = ()) -> dict[str, Note]:
        """What there is to say of the names in the start and in other LaTeX that was written from this derivation."""
        return notes(
            [self._named(self.start), *written], [self.start, *(expr for expr, _ in self.steps)], self.notation
        )

    def text(self) -> str:
        """The chain as plain text, a step a line."""
        lines = [f"{self.id}: {self.title}", "", f"    {text(self.start, self._letters)}"]
        for expr, reason in self.steps:
            lines += [f"  = {text(expr, self._letters)}", f"        {reason_in_text(reason)}"]
        for fact in self.assumptions:
            lines.append(f"  assuming that {fact}")
        return "\n".join(lines)

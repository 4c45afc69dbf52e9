"""The results of several derivations in one display: an equation between matrices for each, after its proof."""

from __future__ import annotations

from typing import Any

from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.notation import name_in_latex
from derivations.proofs.derivation import Derivation
from derivations.proofs.statement import PROVENANCE

__all__ = ["EquationBlock"]


class EquationBlock:
    """Z1 = W1 X + b1 1ᵀ, A1 = ReLU(Z1), ...: the matrix forms, with the shape of each result.

    Raises ClaimError if one isn't proven, ValueError if one has no matrix form.
    """

    def __init__(self, *derivations: Derivation) -> None:
        for derivation in derivations:
            if derivation.matrix is None:
                raise ValueError(f"{derivation.id} has no matrix form")
        self.derivations = [derivation.prove() for derivation in derivations]

    def latex(self) -> str:
        """Aligned equations without delimiters."""
        lines = [
            derivation.matrix_latex.replace(" = ", " &= ", 1) + _in_space(_shape(derivation))
            for derivation in self.derivations
        ]
        return "\\begin{aligned}\n" + " \\\\[0.45em]\n".join(lines) + "\n\\end{aligned}"

    def text(self) -> str:
        """The lines of NumPy."""
        return "\n".join(derivation.numpy for derivation in self.derivations)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        claims = [claim for derivation in self.derivations for claim in derivation.provenance()]
        names = ", ".join(derivation.id for derivation in self.derivations)
        equations = self.equations()
        notes = {
            name: note
            for derivation, equation in zip(self.derivations, equations, strict=True)
            for name, note in derivation.notes([equation["latex"]]).items()
        }
        return {PROVENANCE: {"id": names, "title": "", "claims": claims, "equations": equations, "names": notes}}

    def equations(self) -> list[dict[str, str]]:
        """The equations for a page: the names of their claims, their LaTeX, and the shapes of the results."""
        return [
            {"claim": f"{derivation.id}.matrix", "latex": _equation(derivation), "shape": _shape(derivation)}
            for derivation in self.derivations
        ]

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex()}\n$$"

    def __repr__(self) -> str:
        return self.text()


def _in_space(shape: str) -> str:
    return rf" && \in \mathbb{{R}}^{{{shape}}}" if shape else ""


def _shape(derivation: Derivation) -> str:
    r"""`h \times m`; empty for what is no array."""
    if not isinstance(derivation.start, MatrixElement):
        return ""
    rows, columns = derivation.start.parent.shape
    notation = derivation.notation
    return rf"{latex(rows, notation)} \times {latex(columns, notation)}"


def _equation(derivation: Derivation) -> str:
    """The matrix form with the name of each array in it."""
    assert derivation.matrix is not None
    right = latex(derivation.matrix, derivation.notation, named=True)
    if derivation.result_name is None:
        return right
    return f"{name_in_latex(derivation.result_name, derivation.notation, named=True)} = {right}"

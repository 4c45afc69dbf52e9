"""What is said beside a formula: the meaning that the notation gives, and the shape that the formula's arrays have."""

from __future__ import annotations

from sympy import MatrixSymbol, Symbol

from derivations import EquationBlock, affine, depth, network, notation
from derivations.calculus import Index, array, size
from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.notation import PLAIN, with_gradients
from derivations.calculus.writers.notes import notes
from derivations.notation import Z1, X, network_notation
from derivations.proofs.statement import PROVENANCE


def test_the_network_s_arrays_and_sizes_all_have_a_meaning() -> None:
    named = [value for value in vars(notation).values() if isinstance(value, (Symbol, MatrixSymbol))]
    names = [value.name for value in named if not isinstance(value, Index)]
    assert len(names) > 20
    assert [name for name in names if not network_notation.meaning(name)] == []


def test_shapes_are_those_of_the_arrays_of_any_number_of_axes() -> None:
    m, n = size("m"), size("n")
    i, k = Index("i", m), Index("k", n)
    exprs = [array("T", m, n, 3)[i, k, 0] + array("v", n)[k], array("M", m, n)[i, k]]
    written = [latex(expr, named=True) for expr in exprs]
    assert notes(written, exprs, PLAIN) == {
        "T": {"meaning": "", "shape": "m × n × 3"},
        "v": {"meaning": "", "shape": "n numbers"},
        "M": {"meaning": "", "shape": "m × n"},
    }


def test_only_what_is_written_is_noted() -> None:
    exprs = [X[notation.u, notation.i] + Z1[notation.v, notation.i]]
    assert list(notes([latex(X, named=True)], exprs, network_notation)) == ["X"]


def test_a_name_without_meaning_and_shape_has_no_note() -> None:
    assert notes([r"{\htmlData{q=q}{q}}"], [], network_notation) == {}


def test_examples_as_rows_and_layers_of_any_depth_have_their_own_words() -> None:
    assert network_notation.meaning("X_rows") == "`X` where examples are rows"
    assert depth.notation.meaning("dZ_above") == "gradient of the loss with respect to `Z`; the layer is l+1"
    assert depth.notation.meaning("m") == ""
    assert with_gradients(["A"]).meaning("dA") == "gradient of the loss with respect to `A`"
    assert with_gradients(["A"]).meaning("n_i") == "number of values of the index `i`"
    assert with_gradients(["A"]).meaning("dB") == ""


def test_a_page_gets_them_with_each_derivation() -> None:
    names = affine.forward._repr_mimebundle_()[PROVENANCE]["names"]
    assert names["b"] == {"meaning": "biases of a layer", "shape": "h × 1"}
    names = EquationBlock(network.forward_Z2)._repr_mimebundle_()[PROVENANCE]["names"]
    assert names["b2"]["shape"] == "C × 1"

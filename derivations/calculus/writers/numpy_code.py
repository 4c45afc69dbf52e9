"""Expressions as NumPy code: from the matrix form where there is one, else from the index form by `numpy.einsum`."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Pow, Sum, exp, log
from sympy.matrices.expressions import MatAdd, MatMul, MatrixExpr, MatrixSymbol, OneMatrix, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import Identity
from sympy.printing.numpy import NumPyPrinter

from derivations.calculus.definitions import fresh_indices
from derivations.calculus.grammar import Index, entry, free_indices, is_label, relu, step

__all__ = ["index_to_numpy", "matrix_to_numpy"]

_APPLIED = {exp: "np.exp({})", log: "np.log({})", relu: "np.maximum({}, 0)", step: "({} > 0)"}
_SUM, _PRODUCT, _ATOM = range(3)  # how tightly a piece of code holds together


def _scalar(expr: Expr) -> str:
    return str(NumPyPrinter().doprint(expr)).replace("numpy.", "np.")


def _applied(function: type, argument: str) -> str:
    return _APPLIED.get(function, f"np.{function.__name__}({{}})").format(argument)


def _joined_terms(terms: list[tuple[bool, str]]) -> str:
    first, *rest = terms
    return (
        ("-" if first[0] else "") + first[1] + "".join((" - " if negative else " + ") + code for negative, code in rest)
    )


def _split_sign(expr: Expr | MatrixExpr) -> tuple[bool, Expr | MatrixExpr]:
    coefficient = expr.as_coeff_mmul()[0] if isinstance(expr, MatrixExpr) else expr
    negative = bool(coefficient.could_extract_minus_sign()) and not isinstance(coefficient, Add)
    return negative, -expr if negative else expr


def _scaled(coefficient: Expr, code: str, level: int) -> tuple[str, int]:
    """coefficient * code, written as a product, a quotient, or both."""
    if coefficient == 1:
        return code, level
    above, below = coefficient.as_numer_denom()
    inner = code if level >= _PRODUCT else f"({code})"
    if above != 1:
        inner = f"{_scalar(above) if not above.is_Add else f'({_scalar(above)})'} * {inner}"
    if below != 1:
        inner += f" / {_scalar(below)}" if below.is_Symbol or below.is_Number else f" / ({_scalar(below)})"
    return inner, _PRODUCT


def matrix_to_numpy(matrix: MatrixExpr) -> str:
    """One NumPy expression for a matrix expression; vectors keep both their axes, a 1 x 1 result is a scalar."""
    return _matrix(matrix)[0]


def _at_level(matrix: MatrixExpr, level: int) -> str:
    code, own = _matrix(matrix)
    return code if own >= level else f"({code})"


def _matrix(matrix: MatrixExpr) -> tuple[str, int]:
    if isinstance(matrix, MatrixSymbol):
        return str(matrix.name), _ATOM
    if isinstance(matrix, Transpose):
        return f"{_at_level(matrix.arg, _ATOM)}.T", _ATOM
    if isinstance(matrix, Identity):
        return f"np.eye({_scalar(matrix.shape[0])})", _ATOM
    if isinstance(matrix, OneMatrix):
        return f"np.ones(({_scalar(matrix.shape[0])}, {_scalar(matrix.shape[1])}))", _ATOM
    if isinstance(matrix, ElementwiseApplyFunction):
        return _applied(type(matrix.function.expr), _matrix(matrix.expr)[0]), _ATOM
    if isinstance(matrix, HadamardPower):
        return f"{_at_level(matrix.base, _ATOM)} ** {_scalar(matrix.exp)}", _PRODUCT
    if isinstance(matrix, MatAdd):
        ordered = sorted(matrix.args, key=lambda term: (_split_sign(term)[0], -_products_in(term)))
        signs = [_split_sign(term) for term in ordered]
        return _joined_terms([(negative, _matrix(term)[0]) for negative, term in signs]), _SUM
    if isinstance(matrix, HadamardProduct):
        return _elementwise_product(list(matrix.args)), _PRODUCT
    if isinstance(matrix, MatMul):
        return _product(matrix)
    raise TypeError(f"no NumPy code for a {type(matrix).__name__}")


def _products_in(term: MatrixExpr) -> int:
    return (
        sum(not isinstance(factor, OneMatrix) for factor in term.as_coeff_matrices()[1])
        if isinstance(term, MatMul)
        else 1
    )


def _elementwise_product(factors: list[MatrixExpr]) -> str:
    code = ""
    for factor in factors:
        spread = _without_broadcast(factor)
        if isinstance(spread, HadamardPower) and spread.exp == -1:
            code += f" / {_at_level(spread.base, _ATOM)}"
        else:
            code += f" * {_at_level(spread, _ATOM)}"
    return code.removeprefix(" * ") if code.startswith(" * ") else f"1{code}"


def _without_broadcast(matrix: MatrixExpr) -> MatrixExpr:
    """`b 1ᵀ` repeats a column; NumPy does so by itself."""
    if isinstance(matrix, MatMul) and len(matrix.args) == 2:
        left, right = matrix.args
        if isinstance(left, OneMatrix) and left.shape[1] == 1:
            return right
        if isinstance(right, OneMatrix) and right.shape[0] == 1:
            return left
    return matrix


def _product(matrix: MatMul) -> tuple[str, int]:
    coefficient, factors = matrix.as_coeff_matrices()
    negative = coefficient.could_extract_minus_sign()
    if negative:
        coefficient = -coefficient
    factors = list(factors)
    summed_rows = summed_columns = False
    if len(factors) > 1 and isinstance(factors[-1], OneMatrix):
        summed_columns = factors[-1].shape[1] == 1 and factors[-1].shape[0] != 1
        factors.pop()  # else it only repeats a column
    if len(factors) > 1 and isinstance(factors[0], OneMatrix):
        summed_rows = factors[0].shape[0] == 1 and factors[0].shape[1] != 1
        factors.pop(0)
    code, level = (
        _matrix(factors[0]) if len(factors) == 1 else (" @ ".join(_at_level(f, _ATOM) for f in factors), _PRODUCT)
    )
    if summed_rows or summed_columns:
        code = code if level == _ATOM else f"({code})"
        axis = "" if summed_rows and summed_columns else f"axis={int(summed_columns)}, keepdims=True"
        code, level = f"{code}.sum({axis})", _ATOM
    code, level = _scaled(coefficient, code, level)
    return (f"-{code}", _SUM) if negative else (code, level)


def index_to_numpy(expr: Expr, axes: tuple[Index, ...]) -> str:
    """One NumPy expression for an array with any number of axes, by `numpy.einsum`."""
    return _over(fresh_indices(expr), axes)[0]


def _over(expr: Expr, axes: tuple[Index, ...]) -> tuple[str, int]:
    if isinstance(expr, Add):
        signs = sorted((_split_sign(term) for term in expr.args), key=lambda pair: pair[0])
        return _joined_terms([(negative, _over(term, axes)[0]) for negative, term in signs]), _SUM
    coefficient, operands, bound, todo = Mul(1), [], [], [expr]
    while todo:
        factor = todo.pop(0)
        if isinstance(factor, Sum):
            bound += [limit[0] for limit in factor.limits]
            todo[:0] = Mul.make_args(factor.function)
        elif isinstance(factor, Mul):
            todo[:0] = factor.args
        elif factor.has(Index, relu, step):
            operands.append(_operand(factor))
        else:
            coefficient *= factor
    used = {index for _, _, own in operands for index in own}
    coefficient *= Mul(*[index.size for index in bound if index not in used])
    operands += [(f"np.ones({_scalar(index.size)})", _ATOM, (index,)) for index in axes if index not in used]
    letters = {
        index: chr(ord("a") + k) for k, index in enumerate(dict.fromkeys(i for _, _, own in operands for i in own))
    }
    negative = coefficient.could_extract_minus_sign()
    coefficient = -coefficient if negative else coefficient
    if not operands:
        return f"{'-' if negative else ''}{_scalar(coefficient)}", _SUM
    if len(operands) == 1 and operands[0][2] == axes:
        code, level = operands[0][:2]
    elif len(operands) == 1 and tuple(index for index in operands[0][2] if index in axes) == axes:
        code, level, own = operands[0]
        summed = [str(number) for number, index in enumerate(own) if index not in axes]
        over = "" if not axes else f"axis={summed[0]}" if len(summed) == 1 else f"axis=({', '.join(summed)})"
        code, level = f"{code if level == _ATOM else f'({code})'}.sum({over})", _ATOM
    else:
        inputs = ",".join("".join(letters[index] for index in own) for _, _, own in operands)
        output = "".join(letters[index] for index in axes)
        code, level = f'np.einsum("{inputs}->{output}", {", ".join(code for code, _, _ in operands)})', _ATOM
    code, level = _scaled(coefficient, code, level)
    return (f"-{code}", _SUM) if negative else (code, level)


def _operand(factor: Expr) -> tuple[str, int, tuple[Index, ...]]:
    if isinstance(factor, (MatrixElement, Indexed)):
        name, indices = entry(factor)
        if all(isinstance(index, Index) for index in indices):
            return name, _ATOM, tuple(indices)
        if any(is_label(index) for index in indices):
            places, own = zip(*[_place(index) for index in indices], strict=True)
            return f"{name}[{', '.join(places)}]", _ATOM, tuple(dict.fromkeys(i for i in own if i is not None))
        kept = tuple(index for index in indices if isinstance(index, Index))
        return f"{name}[{', '.join(':' if isinstance(i, Index) else str(i) for i in indices)}]", _ATOM, kept
    if isinstance(factor, KroneckerDelta):
        one, two = sorted(factor.args[:2], key=lambda index: not isinstance(index, Index))
        places, own = zip(*[_place(index) for index in (one, two)], strict=True)
        eye = f"np.eye({_scalar(one.size)})"
        return (eye if isinstance(two, Index) else f"{eye}[:, {places[1]}]"), _ATOM, own
    inside = free_indices(factor)
    if isinstance(factor, Add):
        return (*_over(factor, inside), inside)
    if isinstance(factor, Pow):
        code, level = _over(factor.base, inside)
        return f"{code if level == _ATOM else f'({code})'} ** {_scalar(factor.exp)}", _PRODUCT, inside
    return _applied(type(factor), _over(factor.args[0], inside)[0]), _ATOM, inside


def _place(index: Expr) -> tuple[str, Index | None]:
    """An index inside brackets: a label y(i) becomes the array of labels, beside it i becomes a range."""
    if is_label(index):
        return type(index).__name__, index.args[0]
    if isinstance(index, Index):
        return f"np.arange({_scalar(index.size)})", index
    return str(index), None

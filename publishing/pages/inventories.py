"""Where the names of Python, NumPy, SymPy and Matplotlib are explained: the API page links them, and asks nobody.

An inventory as their own sites offer it has thousands of names, and can't be had offline. Here are those that the
public signatures use; a name that is missing stops the build.
"""

from __future__ import annotations

import re

# Page: the names that are explained there. Where the anchor is another than the name, it stands beside it.
INVENTORIES: dict[str, dict[str, str]] = {
    "https://docs.python.org/3/library/": {
        "collections.abc": "collections.abc.Callable collections.abc.Iterable collections.abc.Iterator "
        "collections.abc.Mapping collections.abc.Sequence",
        "exceptions": "AssertionError ImportError LookupError ValueError",
        "functions": "bool float int object",
        "pathlib": "pathlib.Path",
        "stdtypes": "dict list str tuple",
        "typing": "typing.Annotated typing.Any typing.Literal typing.NamedTuple typing.Self",
    },
    "https://numpy.org/doc/stable/reference/": {
        "arrays.scalars": "numpy.float64 numpy.int64",
        "generated/numpy.ndarray": "numpy.ndarray",
        "typing": "numpy.typing.ArrayLike numpy.typing.NDArray",
    },
    "https://docs.sympy.org/latest/modules/": {
        "core": "sympy.Expr=sympy.core.expr.Expr sympy.Function=sympy.core.function.Function "
        "sympy.Symbol=sympy.core.symbol.Symbol sympy.core.function.UndefinedFunction",
        "functions/special": "sympy.KroneckerDelta=sympy.functions.special.tensor_functions.KroneckerDelta",
        "matrices/expressions": "sympy.MatrixSymbol=sympy.matrices.expressions.MatrixSymbol "
        "sympy.matrices.expressions.MatrixExpr",
        "tensor/indexed": "sympy.IndexedBase=sympy.tensor.indexed.IndexedBase",
    },
    "https://matplotlib.org/stable/api/": {
        "_as_gen/matplotlib.axes.Axes": "matplotlib.axes.Axes",
        "figure_api": "matplotlib.figure.Figure",
    },
}

REFERENCE = re.compile(r'<autoref [^>]*\bidentifier="([\w.]+)"')


def addresses() -> dict[str, str]:
    """The address at which each name is explained."""
    return {
        name: f"{site}{page}.html#{anchor or name}"
        for site, pages in INVENTORIES.items()
        for page, names in pages.items()
        for name, _, anchor in (entry.partition("=") for entry in names.split())
    }


def referenced(content: str) -> list[str]:
    """The names that a page's HTML refers to, before they are made links."""
    return list(dict.fromkeys(REFERENCE.findall(content)))

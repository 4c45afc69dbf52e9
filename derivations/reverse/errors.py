"""What can't be read or derived, said in one line: where, what, and what would do instead."""

from __future__ import annotations

import ast

__all__ = ["FormulaError", "at"]


class FormulaError(ValueError):
    """A formula that can't be read, or whose derivative can't be had. The message names line and column."""


def at(node: ast.AST, why: str, shown: str | None = None) -> FormulaError:
    """An error at a piece of the text: `line 2, column 8: softsign(x): there is no function softsign`."""
    where = f"line {getattr(node, 'lineno', 1)}, column {getattr(node, 'col_offset', 0) + 1}"
    return FormulaError(f"{where}: {ast.unparse(node) if shown is None else shown}: {why}")

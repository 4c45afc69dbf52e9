"""A line of code as it is where examples are rows: every array transposed, and so every product the other way round."""

from __future__ import annotations

import ast


def as_rows(line: str) -> str:
    """The line for arrays that are the transposes of those with examples as columns.

    A transpose of a product is the product of the transposes in reverse; axes change places, and what works entry by
    entry stays as it is.
    """
    return ast.unparse(_Transposed().visit(ast.parse(line)))


class _Transposed(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.MatMult):
            node.left, node.right = node.right, node.left
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg == "axis":
            node.value = ast.Constant(1 - ast.literal_eval(node.value))
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.slice, ast.Tuple):
            node.slice.elts.reverse()
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """The length of an array is that of its first axis."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "len":
            node.args = [ast.Attribute(node.args[0], "T", ast.Load())]
        return node

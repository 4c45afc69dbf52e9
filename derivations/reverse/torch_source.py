"""A layer's NumPy source, said in PyTorch: the same lines, and a `torch.autograd.Function` around them.

PyTorch is never imported: what is rewritten is text, call by call, by one table. A call that the table doesn't know is
an error, not a guess.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from textwrap import indent

from derivations.reverse.numpy_source import as_tuple, numpy_source
from derivations.reverse.program import Program

__all__ = ["torch_source"]

SAME = frozenset({"einsum", "broadcast_to", "diagonal", "abs", "sign", "exp", "log", "sqrt", "tanh", "sin", "cos"})
"""Functions with one name in both."""

REDUCTIONS = {"sum": "sum", "mean": "mean", "max": "amax"}
REDUCED = frozenset(REDUCTIONS.values())
HELPERS = {
    "scatter": """def scatter(values, places, axis, size):
    shape = (*values.shape[:axis], size, *values.shape[axis + places.ndim :])
    flat = values.flatten(axis, axis + places.ndim - 1)
    return torch.zeros(shape, dtype=values.dtype, device=values.device).index_add(axis, places.flatten(), flat)"""
}
"""What has no counterpart call by call, written in PyTorch."""

ERF = "np.vectorize(math.erf)"
KEYWORDS = {"axis": "dim", "keepdims": "keepdim"}


def torch_source(program: Program, name: str = "layer") -> str:
    """The two functions for tensors, and the class that autograd calls, named after the layer."""
    tree = ast.parse(numpy_source(program, name))
    axes = {name: len(shape) for name, shape in program.shapes.items()}
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    lines = [_in_torch(node, axes, program) for node in functions]
    imports = "import math\n\nimport torch" if any("math." in line for line in lines) else "import torch"
    return "\n\n\n".join([imports, *lines, _function(program, name)]) + "\n"


def _in_torch(function: ast.FunctionDef, axes: Mapping[str, int], program: Program) -> str:
    if function.name in HELPERS:
        return HELPERS[function.name]
    return ast.unparse(_InTorch(axes, _a_tensor_in(function, program)).visit(function))


def _a_tensor_in(function: ast.FunctionDef, program: Program) -> str:
    """The first array that the function is given: new tensors get its type and its device."""
    given = [argument.arg for argument in function.args.args]
    names = [*(given if given[-1] != "saved" else [*given[:-1], *program.saved])]
    floating = [name for name in names if program.shapes.get(name) and name not in program.labels]
    return floating[0] if floating else names[0]


class _InTorch(ast.NodeTransformer):
    """Each call of NumPy as the call of PyTorch that gives the same numbers."""

    def __init__(self, axes: Mapping[str, int], like: str) -> None:
        self.axes, self.like = axes, like
        self.scalars = {name for name, count in axes.items() if not count}

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node) == "np.pi":
            return _expression("math.pi")
        return self._transposed(node) if node.attr == "T" else node

    def _transposed(self, node: ast.Attribute) -> ast.AST:
        """PyTorch's .T is for matrices; of more axes all are named."""
        axes = self._count(node.value)
        if axes < 3:
            return node
        return ast.Call(ast.Attribute(node.value, "permute"), [ast.Constant(k) for k in reversed(range(axes))], [])

    def _count(self, node: ast.expr) -> int:
        """How many axes an expression has; sums without `keepdim` have fewer than what they add up."""
        if isinstance(node, ast.Name):
            return self.axes.get(node.id, 0)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.einsum":
            return len(ast.literal_eval(node.args[0]).partition("->")[2])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.diagonal":
            return self._count(node.args[0]) - 1
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REDUCED:
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            dim = named.get("dim")
            gone = 0 if "keepdim" in named else len(dim.elts) if isinstance(dim, ast.Tuple) else 1
            return self._count(node.func.value) - gone
        inside = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return max(map(self._count, inside), default=0)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if ast.unparse(node.func) == ERF:
            return _call("torch.erf", [self.visit(arg) for arg in node.args])
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute):
            return node
        if ast.unparse(node.func.value) == "np":
            return self._function(node.func.attr, node)
        self._method(node.func, node)
        return node

    def _method(self, method: ast.Attribute, node: ast.Call) -> None:
        for keyword in node.keywords:
            keyword.arg = KEYWORDS.get(keyword.arg or "", keyword.arg)
        method.attr = {**REDUCTIONS, "transpose": "permute"}.get(method.attr, method.attr)

    def _function(self, name: str, node: ast.Call) -> ast.AST:
        if name in SPECIAL:
            return SPECIAL[name](node.args, self.like)
        if name not in SAME:
            raise NotImplementedError(f"np.{name} has no counterpart in the table of {__name__}")
        if name in ("sqrt", "log", "exp") and self._is_a_number(node.args[0]):
            return _call(f"math.{name}", node.args)
        if name not in ("einsum", "broadcast_to") and self._is_a_scalar(node.args[0]):
            return _call(f"torch.{name}", [_call("torch.as_tensor", node.args)])
        return _call(f"torch.{name}", node.args)

    def _is_a_number(self, node: ast.expr) -> bool:
        """Made of numbers and sizes alone, which are Python's: sqrt(Q.shape[1])."""
        return not _arrays(node)

    def _is_a_scalar(self, node: ast.expr) -> bool:
        """Made of scalars, which may be Python's numbers, and of no array."""
        return not _arrays(node) - self.scalars


def _arrays(node: ast.expr) -> set[str]:
    """The names in an expression but for those that are only asked for their sizes."""
    sizes = {id(part.value) for part in ast.walk(node) if isinstance(part, ast.Attribute) and part.attr == "shape"} | {
        id(arg) for part in ast.walk(node) if isinstance(part, ast.Call) and _is_len(part) for arg in part.args
    }
    functions = {"np", "math", "torch", "len"}
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and id(part) not in sizes and part.id not in functions
    }


def _is_len(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "len"


def _expression(code: str) -> ast.expr:
    return ast.parse(code, mode="eval").body


def _call(function: str, args: list[ast.expr]) -> ast.expr:
    return ast.Call(_expression(function), args, [])


def _maximum(args: list[ast.expr], like: str) -> ast.expr:
    zero = [arg for arg in args if isinstance(arg, ast.Constant) and arg.value == 0]
    return _call("torch.relu", [arg for arg in args if arg not in zero]) if zero else _call("torch.maximum", args)


def _logaddexp(args: list[ast.expr], like: str) -> ast.expr:
    """log(e**0 + e**z), which `torch.nn.functional.softplus` gives to nine digits only where z > 20."""
    z = ast.unparse(args[1])
    return _expression(f"torch.logaddexp(torch.zeros_like({z}), {z})")


def _heaviside(args: list[ast.expr], like: str) -> ast.expr:
    z = ast.unparse(args[0])
    return _expression(f"torch.heaviside({z}, torch.zeros_like({z}))")


def _eye(args: list[ast.expr], like: str) -> ast.expr:
    return _expression(f"torch.eye({ast.unparse(args[0])}, dtype={like}.dtype, device={like}.device)")


def _arange(args: list[ast.expr], like: str) -> ast.expr:
    return _expression(f"torch.arange({ast.unparse(args[0])}, device={like}.device)")


def _full(args: list[ast.expr], like: str) -> ast.expr:
    shape, value = map(ast.unparse, args)
    return _expression(f"torch.full(({shape},), {value}, dtype={like}.dtype, device={like}.device)")


SPECIAL: dict[str, Callable[[list[ast.expr], str], ast.expr]] = {
    "maximum": _maximum,
    "logaddexp": _logaddexp,
    "heaviside": _heaviside,
    "eye": _eye,
    "arange": _arange,
    "full": _full,
}
"""Functions that PyTorch has with other arguments."""


def _function(program: Program, name: str) -> str:
    """The class: tensors are saved by autograd, scalars, which may be Python's numbers, beside them."""
    tensors = [saved for saved in program.saved if program.shapes[saved]]
    scalars = [saved for saved in program.saved if not program.shapes[saved]]
    inputs, outputs = ", ".join(program.inputs), ", ".join(program.outputs)
    forward = [
        f"{outputs}, {as_tuple(program.saved)} = {name}_forward({inputs})",
        f"ctx.save_for_backward({', '.join(tensors)})",
        *[f"ctx.{scalar} = {scalar}" for scalar in scalars],
        f"return {outputs}",
    ]
    upstream = [f"d{output}" for output in program.outputs]
    saved = as_tuple([f"ctx.{saved}" if saved in scalars else saved for saved in program.saved])
    backward = [
        *([f"{as_tuple(tensors)} = ctx.saved_tensors"] if tensors else []),
        f"{', '.join(program.gradients)} = {name}_backward({', '.join([*program.upstream, saved])})",
        f"return {', '.join(_returned(program))}",
    ]
    methods = [
        f"@staticmethod\ndef forward(ctx, {inputs}):\n{indent(chr(10).join(forward), ' ' * 4)}",
        f"@staticmethod\ndef backward(ctx, {', '.join(upstream)}):\n{indent(chr(10).join(backward), ' ' * 4)}",
    ]
    title = "".join(word[:1].upper() + word[1:] for word in name.split("_"))
    return f"class {title}(torch.autograd.Function):\n{indent((chr(10) * 2).join(methods), ' ' * 4)}"


def _returned(program: Program) -> list[str]:
    """A gradient for each input, None for those without; times the upstream gradient, where that is a number."""
    scalar = [f"d{output}" for output in program.outputs if f"d{output}" not in program.upstream]
    times = f"{scalar[0]} * " if scalar else ""
    return [f"{times}d{name}" if f"d{name}" in program.gradients else "None" for name in program.inputs]

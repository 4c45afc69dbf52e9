"""`python -m derivations verify FILE.py --layer layer_norm`: somebody's backward pass, held against the derived one."""

from __future__ import annotations

import argparse
import difflib
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from derivations.layers import operators
from derivations.proofs.loading import LoadError, load_file
from derivations.reverse import Layer
from derivations.reverse.command import layer_in
from derivations.reverse.diagnosis import LayerDiagnosis
from derivations.reverse.tolerance import LayerCheck

__all__ = ["add_verify"]

EXIT_WRONG = 1
EXAMPLE = """\
example of a FILE.py:
  def my_backward(dA, A):
      return dA * (1 - A**2)

  python -m derivations verify FILE.py --layer tanh
"""

Function = Callable[..., Any]


def add_verify(commands: Any) -> None:
    """Add the command to those of the command line."""
    command = commands.add_parser(
        "verify",
        help="say which gradients of a backward pass of yours are right, and what is wrong with the others",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("file", metavar="FILE.py", type=Path, help="a file that defines the function; it is executed")
    command.add_argument(
        "--layer", required=True, metavar="LAYER", help="a layer of the book, or a file as `derive` takes it"
    )
    command.add_argument("--function", metavar="NAME", help="the backward pass (default: the only one in the file)")
    command.add_argument("--forward", metavar="NAME", help="the forward pass, if the backward pass takes what it saves")
    command.add_argument("--dtype", metavar="FORMAT", help="hold each entry against its tolerance in this format")
    command.add_argument("--accumulate", metavar="FORMAT", help="the format of its sums (default: float32)")
    command.add_argument(
        "--stored", metavar="NAME,...", help="the names that it stores in the format of --dtype; P=float16 for another"
    )
    command.add_argument("--kernel", metavar="KIND", help="or a known kind, such as 'torch softmax, bfloat16'")
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    layer = _layer(options.layer)
    functions = _functions(load_file(options.file))
    backward = _chosen(functions, options.function, options.file)
    pair = (_named(functions, options.forward, options.file), backward) if options.forward else None
    found = _found(layer, pair or backward, options)
    print(f"{options.file.name}: {backward.__name__}, against {layer.name}")
    print(found)
    return 0 if found.is_right else EXIT_WRONG


def _found(layer: Layer, backward: Any, options: argparse.Namespace) -> LayerDiagnosis | LayerCheck:
    """In float64; or in the formats that are asked for, if they are."""
    formats = options.dtype or options.accumulate or options.stored
    if options.kernel and formats:
        raise LoadError(f"--kernel {options.kernel} says its formats itself: leave out the others")
    if options.kernel:
        return layer.check(backward, kernel=options.kernel)
    if options.dtype:
        named = (part.partition("=") for part in (options.stored or "").split(",") if part)
        stored = {name.strip(): form.strip() or options.dtype for name, _, form in named}
        return layer.check(backward, options.dtype, options.accumulate, stored)
    if formats:
        raise LoadError("--stored and --accumulate are about a kernel in few bits: say --dtype, too")
    return layer.diagnose(backward)


def _layer(name: str) -> Layer:
    """By its name in the book, or from a file. Raises LoadError, with the nearest names, if it is neither."""
    if name in operators():
        return operators()[name].layer
    if Path(name).is_file():
        return layer_in(Path(name))
    near = difflib.get_close_matches(name, operators(), n=3, cutoff=0.4)
    which = f"did you mean {' or '.join(near)}?" if near else f"the book has {', '.join(operators())}"
    raise LoadError(f"--layer {name}: expected a layer of the book, or a file of formulas; {which}")


def _functions(module: ModuleType) -> dict[str, Function]:
    """The functions that a file defines, in its order."""
    found = {name: thing for name, thing in vars(module).items() if inspect.isfunction(thing)}
    return {name: thing for name, thing in found.items() if thing.__module__ == module.__name__}


def _chosen(functions: Mapping[str, Function], name: str | None, file: Path) -> Function:
    if name:
        return _named(functions, name, file)
    likely = [function for function in functions if "back" in function.lower() or "grad" in function.lower()]
    candidates = likely or list(functions)
    if len(candidates) != 1:
        which = f"it defines {', '.join(candidates)}: say which by --function NAME" if candidates else "it defines none"
        raise LoadError(f"{file.name}: expected one function that is the backward pass, but {which}")
    return functions[candidates[0]]


def _named(functions: Mapping[str, Function], name: str, file: Path) -> Function:
    if name not in functions:
        raise LoadError(f"{file.name}: there is no function {name}, only {', '.join(functions) or 'none'}")
    return functions[name]

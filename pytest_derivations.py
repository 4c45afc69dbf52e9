"""The pytest plugin of checked-backprop: a file that defines derivations is collected, each derivation as a test.

`assert_gradient` is a fixture that holds a backward pass against a derived layer.

It is a module of its own, and imports the calculus only when it is asked for: other runs of pytest don't notice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

IMPORTS = re.compile(rb"^\s*(from|import)\s+derivations\b", re.MULTILINE)
DEFINES = re.compile(rb"\b(Derivation|Misconception)\(")


@pytest.fixture(scope="session")
def assert_gradient() -> Callable[..., None]:
    """`assert_gradient(layer, my_backward, ...)`: the layer is derived, or one of the book by its name.

    All else is as for `Layer.assert_gradient`: it fails with what is wrong, in a few lines.
    """
    from derivations.layers import operators

    def holds(layer: Any, backward: Any, *formats: Any, **options: Any) -> None:
        __tracebackhide__ = True
        if isinstance(layer, str) and layer not in operators():
            pytest.fail(f"there is no layer {layer} in the book, only {', '.join(operators())}", pytrace=False)
        derived = operators()[layer].layer if isinstance(layer, str) else layer
        wrong = ""
        try:
            derived.assert_gradient(backward, *formats, **options)
        except AssertionError as error:
            wrong = str(error)
        if wrong:  # said once, without the error that it came from
            pytest.fail(wrong, pytrace=False)

    return holds


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for a Python file that imports `derivations` and calls Derivation or Misconception."""
    if file_path.suffix != ".py":
        return None
    code = file_path.read_bytes()
    if not (IMPORTS.search(code) and DEFINES.search(code)):
        return None
    from derivations.proofs.pytest_plugin import DerivationsFile

    collector: pytest.Collector = DerivationsFile.from_parent(parent, path=file_path)
    return collector

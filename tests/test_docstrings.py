"""The examples in docstrings run, and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import derivations
import publishing
from derivations import calculus, proofs, reverse

LEFT_OUT = ("publishing.new.site", "publishing.live.python", "publishing.live.shims")
"""Projects of their own, and what runs in a browser."""

MODULES = [
    info.name
    for package in (derivations, calculus, proofs, reverse, publishing)
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not info.name.endswith("__main__") and not info.name.startswith(LEFT_OUT)
]


@pytest.mark.parametrize("name", sorted(set(MODULES)))
def test_the_examples_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), raise_on_error=False)
    assert failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(examples) > 20

"""The examples in the publishing side's docstrings run, and print what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import publishing

LEFT_OUT = ("publishing.new.site", "publishing.live.python", "publishing.live.shims", "publishing.__main__")
"""Projects of their own, and what runs in a browser."""

MODULES = [
    info.name
    for info in pkgutil.walk_packages(publishing.__path__, "publishing.")
    if not info.name.startswith(LEFT_OUT)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), raise_on_error=False)
    assert failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(examples) > 5

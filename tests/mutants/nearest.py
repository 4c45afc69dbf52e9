"""What is mutated, and which tests have to notice: those next to it first, then those that only use it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]

NETCODE = ("tests/netcode/test_network.py", "tests/netcode/test_deep_network.py", "tests/netcode/gradients")
RULES = (
    "tests/derivations/calculus/simplifier",
    "tests/derivations/calculus/test_prover.py",
    "tests/derivations/calculus/test_corpus.py",
    "tests/derivations/calculus/test_random_formulas.py",
    "tests/derivations/test_random_statements.py",
)
TESTS: dict[str, tuple[str, ...]] = {
    "netcode/network.py": NETCODE,
    "netcode/deep_network.py": NETCODE,
    "netcode/training/cross_entropy_gradient.py": ("tests/netcode/training/test_training_step.py", *NETCODE),
    "netcode/training/training_step.py": ("tests/netcode/training",),
    "netcode/training/gradient_descent.py": ("tests/netcode/training", "tests/netcode/command_line/test_long_runs.py"),
    "netcode/gradients/*.py": ("tests/netcode/gradients",),
    "derivations/calculus/simplifier/*.py": RULES,
}
"""Patterns of modules, each with its tests in the order in which they are run."""


def modules() -> dict[str, tuple[str, ...]]:
    """Each module that is mutated, by its path from the root, with the paths of its tests. At least one a pattern."""
    found: dict[str, tuple[str, ...]] = {}
    for pattern, tests in TESTS.items():
        paths = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))
        if not paths:
            raise FileNotFoundError(f"{pattern}: no such module; expected one to mutate")
        found |= {path: tests for path in paths if not path.endswith("__init__.py")}
    return found

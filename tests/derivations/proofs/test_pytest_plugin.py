"""A file of derivations is collected by pytest, each derivation as a test; other runs don't notice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

FORMULAS = """
from sympy import exp

from derivations import Derivation, Index, Misconception, Partial, array, size, sum_over

m, h = size("m"), size("h")
i, v = Index("i", m), Index("v", h)
Z, A = array("Z", h, m), array("A", h, m)
where = {A[v, i]: 1 / (1 + exp(-Z[v, i]))}

slope = Derivation(
    "The sigmoid's slope", Partial(A[v, i], Z[v, i]), (A[v, i] * (1 - A[v, i]), "from its output"), where=where
)
wrong = Derivation(
    "A sign is wrong",
    Partial(A[v, i], Z[v, i]),
    (A[v, i] * (1 - A[v, i]), "from its output"),
    (A[v, i] * (1 + A[v, i]), "a slip of the pen"),
    where=where,
)
largest = Misconception("M1", "The slope is at most 1/8", Partial(A[v, i], Z[v, i]), 0, correction="1/4", where=where)
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def formulas(tmp_path: Path) -> Path:
    (tmp_path / "formulas.py").write_text(FORMULAS)
    return tmp_path


@pytest.mark.parametrize("arguments", [[], ["formulas.py"]], ids=["a folder", "the file"])
def test_each_derivation_is_a_test(formulas: Path, arguments: list[str]) -> None:
    done = run(formulas, "-v", *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "formulas.py::slope PASSED" in done.stdout
    assert "formulas.py::largest PASSED" in done.stdout
    assert "formulas.py::wrong FAILED" in done.stdout
    assert "1 failed, 2 passed" in done.stdout


def test_a_failure_names_the_step_its_reason_and_the_numbers(formulas: Path) -> None:
    done = run(formulas, "--tb=short", "-q")
    _, _, report = done.stdout.partition("wrong: A sign is wrong")
    told = report.partition("short test summary")[0].strip().splitlines()[1:]
    assert len(told) <= 12
    assert told[0] == "formulas.wrong.2: refuted"
    assert "formulas.py:18" in told[1]
    assert "the step: a slip of the pen" in told[2]
    assert "(1 - A[v, i])*A[v, i]" in told[3]
    assert "(1 + A[v, i])*A[v, i]" in told[4] or "(A[v, i] + 1)*A[v, i]" in told[4]
    assert "the left side is" in told[5]
    assert "with Z = [[" in told[6]
    assert "Traceback" not in done.stdout


def test_a_file_that_can_not_be_read_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "formulas.py").write_text(FORMULAS.replace("[v, i]:", "[i, v]:"))
    done = run(tmp_path)
    assert done.returncode == 2
    assert "formulas.py, line 11: IllFormedError" in done.stdout
    assert "in A[i, v] the index i takes m values, but the axis has h entries" in done.stdout


def test_a_run_without_such_a_file_imports_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(
        "import sys\n\n# Derivation( without an import\ndef test_other():\n    assert 'sympy' not in sys.modules\n"
    )
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_package_announces_it() -> None:
    assert (
        '[project.entry-points.pytest11]\nderivations = "pytest_derivations"' in (ROOT / "pyproject.toml").read_text()
    )


BACKWARD = """
from derivations import derive


def right(dA, A):
    return dA * (1 - A**2)


def wrong(dA, A):
    return dA * (1 - A)


def test_right(assert_gradient):
    assert_gradient("tanh", right)
    assert_gradient("tanh", right, "bfloat16")
    assert_gradient(derive("A[i] = tanh(z[i])", wrt="z"), right, dtype="float16")


def test_wrong(assert_gradient):
    assert_gradient("tanh", wrong)


def test_wrong_in_few_bits(assert_gradient):
    assert_gradient("tanh", wrong, "bfloat16")


def test_no_such_layer(assert_gradient):
    assert_gradient("tan", right)
"""


def test_a_backward_pass_is_held_against_a_layer_by_a_fixture(tmp_path: Path) -> None:
    (tmp_path / "test_backward.py").write_text(BACKWARD)
    done = run(tmp_path, "-v")
    assert "test_right PASSED" in done.stdout, done.stdout + done.stderr
    assert "3 failed, 1 passed" in done.stdout
    assert "tanh: dz is wrong.\nin dz, A[i] stands where A[i]**2 belongs.\n" in done.stdout
    assert "entries are off by up to" in done.stdout
    assert "there is no layer tan in the book, only affine, " in done.stdout
    assert "During handling" not in done.stdout
    assert "Traceback" not in done.stdout

"""One mistake in a copy of the project, and the command that checks everything names the claim that no longer holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Both packages, copied with what is compiled already (but for files that are just being written)."""
    for package in ("derivations", "netcode"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.pyc.*"))
    return tmp_path


def check(project: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "derivations", "check", *names],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def change(file: Path, old: str, new: str) -> None:
    code = file.read_text(encoding="utf-8")
    assert code.count(old) >= 1, f"{file.name} has no {old}"
    file.write_text(code.replace(old, new, 1), encoding="utf-8")


MISTAKES = [
    pytest.param("netcode/network.py", "Z1 = W1 @ X + b1", "Z1 = W1 @ X - b1", "network.forward_Z1", id="Z1: sign"),
    pytest.param("netcode/network.py", "np.maximum(Z1, 0)", "np.minimum(Z1, 0)", "network.forward_A1", id="A1: ReLU"),
    pytest.param("netcode/network.py", "return E / E.sum(axis=0)", "return E / E.sum()", "network.forward_P",
                 id="P: axis"),
    pytest.param("netcode/network.py", "+ lam / 2 *", "+ lam *", "netcode.loss", id="loss: factor"),
    pytest.param("netcode/network.py", "dZ2 = (P - Y) / m", "dZ2 = (Y - P) / m", "network.backward_dZ2",
                 id="dZ2: sign"),
    pytest.param("netcode/network.py", "dZ2 @ A1.T + lam * W2", "dZ2 @ A1 + lam * W2", "network.backward_dW2",
                 id="dW2: transpose"),
    pytest.param("netcode/network.py", "db2 = dZ2.sum(axis=1", "db2 = dZ2.sum(axis=0", "network.backward_db2",
                 id="db2: index"),
    pytest.param("netcode/network.py", "(Z1 > 0)", "(Z1 >= 0)", "network.backward_dZ1", id="dZ1: at 0"),
    pytest.param("netcode/network.py", "dZ1 @ X.T + lam * W1", "dZ1 @ X.T + 2 * lam * W1", "network.backward_dW1",
                 id="dW1: factor"),
    pytest.param("netcode/network.py", "b2=b2 - learning_rate", "b2=b2 + learning_rate", "netcode.update",
                 id="update: sign"),
    pytest.param("netcode/network.py", "W2=W2 - learning_rate", "W2=np.nan * learning_rate", "netcode.update",
                 id="NaN"),
    pytest.param("netcode/network.py", "np.sqrt(2 / n)", "np.sqrt(2 / h)", "netcode.initialize", id="initialize: size"),
    pytest.param("netcode/training/training_step.py", "now, self.learning_rate / m,",
                 "now, self.learning_rate,", "netcode.training_step", id="step: factor"),
    pytest.param("derivations/affine.py", "(sum_over(i, dZ[w, i]), ", "(sum_over((i, j), dZ[w, i]), ",
                 "affine.db_contracted", id="affine: a sum too many"),
    pytest.param("derivations/regularization.py", "where = {\n    R: lam / 2", "where = {\n    R: lam",
                 "regularization.R_by_W1", id="regularization: factor"),
    pytest.param("derivations/softmax_cross_entropy.py", "((P[k, i] - Y[k, i]) / m", "((Y[k, i] - P[k, i]) / m",
                 "softmax_cross_entropy.dZ2_with_matrix", id="softmax: sign"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "claim"), MISTAKES)
def test_a_mistake_is_caught_and_named(project: Path, file: str, old: str, new: str, claim: str) -> None:
    change(project / file, old, new)
    checked = check(project, claim)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert f"NOT AS EXPECTED: {claim}" in checked.stderr
    assert "Traceback" not in checked.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("(sum_over(i, dZ[w, i]), ", "(sum_over(i, dZ[w, j]), ", "the index j is free", id="loose index"),
        pytest.param("W[v, t] * delta(i, j)", "W[t, v] * delta(i, j)", "in W[t, v] the index t takes n values",
                     id="transpose"),
    ],
)  # fmt: skip
def test_what_is_ill_formed_is_said_in_one_line(project: Path, old: str, new: str, said: str) -> None:
    change(project / "derivations" / "affine.py", old, new)
    checked = check(project)
    assert checked.returncode == 2
    assert said in checked.stderr
    assert checked.stderr.startswith("derivations: ")
    assert checked.stderr.count("\n") == 1


def test_an_erratum_that_became_true_is_caught(project: Path) -> None:
    change(project / "derivations" / "errata.py", "    1 - step(-Z1[v, i]),", "    1 * step(Z1[v, i]),")
    checked = check(project, "errata")
    assert checked.returncode == 1
    assert "NOT AS EXPECTED: errata.relu_has_slope_at_zero (derivations/errata.py:" in checked.stderr
    assert "proven, expected that it fails" in checked.stderr


def test_one_mistake_is_found_among_all_claims(project: Path) -> None:
    """Without names everything is checked; the message leads to the line."""
    change(project / "derivations" / "network.py", "dA1[w, j] * step(Z1[w, j])", "dA1[w, j] * step(-Z1[w, j])")
    lines = (project / "derivations" / "network.py").read_text(encoding="utf-8").splitlines()
    line = next(k for k, text in enumerate(lines, start=1) if "step(-Z1[w, j])" in text)
    checked = check(project)
    assert checked.returncode == 1
    assert f"NOT AS EXPECTED: network.backward_dZ1.2 (derivations/network.py:{line}): refuted" in checked.stderr
    assert "0 not as expected" not in checked.stdout

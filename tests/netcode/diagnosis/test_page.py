"""What the page about diagnosing says of its examples is what it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import pytest

from netcode import Diagnosis, diagnose
from netcode.mistakes.mistake import GRADIENTS

PAGE = Path(__file__).parents[3] / "docs" / "diagnose.py"


def names(diagnosis: Diagnosis) -> dict[str, str]:
    """What is said of each gradient that is wrong."""
    return {finding.gradient: str(finding) for finding in diagnosis.findings if not finding.ok}


@pytest.mark.usefixtures("unchecked_shapes")
def test_the_examples_of_the_page_have_the_mistakes_that_it_speaks_of(capsys: pytest.CaptureFixture[str]) -> None:
    page: dict[str, Any] = {}
    for cell in jupytext.read(PAGE, fmt="py:percent").cells:
        if cell.cell_type == "code":
            exec(cell.source, page)
    assert diagnose(page["my_backward"]).ok
    assert names(diagnose(page["backward_1"])) == dict.fromkeys(("dW1", "db1"), "wrong: mask-missing")
    rows = diagnose(page["backward_2"])
    assert [str(finding) for finding in rows.findings] == 4 * ["right, by another choice: mean-forgotten"]
    assert "examples as rows" in str(rows)
    assert names(diagnose(page["backward_3"])) == dict.fromkeys(GRADIENTS, "wrong: difference-reversed") | {
        "dW2": "wrong: difference-reversed and penalty-doubled"
    }
    alike = diagnose(page["gradients"], page["X"], page["Y"], page["parameters"], 0.1)
    assert names(alike) == {"dW2": "wrong: penalty-halved, or penalty-averaged"}
    mended, _, once_more, scaled = capsys.readouterr().out.splitlines()
    assert mended == "db2 wrong: bias-of-one-axis"
    assert once_more == "['mean-twice', 'penalty-averaged']"
    assert scaled == "['learning-rate-folded-in']"

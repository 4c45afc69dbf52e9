"""A claim that is not as expected stops the build, which names it."""

from __future__ import annotations

from tests.publishing.conftest import Project


def test_a_site_whose_claims_are_as_expected_is_built(project: Project) -> None:
    assert "<h1" in project.page("")


def test_a_claim_that_should_hold_and_is_refuted_stops_the_build(project: Project) -> None:
    project.page("")
    project.claim(verdict="refuted", counterexample={"sizes": {"m": 2, "C": 3}, "left": 0.5, "right": -0.5})
    said = "softmax.dZ2.1: expected to hold, but refuted (m = 2, C = 3, left 0.5, right -0.5); derivations/softmax.py:2"
    assert said in project.failure()


def test_an_undecided_claim_stops_the_build(project: Project) -> None:
    project.claim(verdict="undecided")
    assert "softmax.dZ2.1: expected to hold, but undecided" in project.failure()


def test_an_erratum_that_passes_stops_the_build(project: Project) -> None:
    project.claim(expected="fails", verdict="proven")
    assert "softmax.dZ2.1: expected to fail, but proven" in project.failure()


def test_an_erratum_that_is_refuted_is_as_expected(project: Project) -> None:
    project.claim(expected="fails", verdict="refuted")
    project.page("")


def test_a_check_that_finds_no_claim_stops_the_build(project: Project) -> None:
    project.write("derivations/claims.json", '{"format": 1, "claims": []}')
    assert "claims were not found" in project.failure()


def test_a_check_that_breaks_down_stops_the_build(project: Project) -> None:
    project.write("derivations/__main__.py", "raise RuntimeError('no calculus today')")
    assert "no calculus today" in project.failure()


def test_a_check_that_reports_nothing_wrong_but_fails_stops_the_build(project: Project) -> None:
    project.write("derivations/__main__.py", "\n".join([_check(project), "sys.exit('out of memory')"]))
    assert "out of memory" in project.failure()


def test_claims_are_checked_again_only_when_a_module_changed(project: Project) -> None:
    assert "Claims: all 1 are as expected" in project.build().stderr
    assert "Claims: unchanged" in project.build().stderr
    project.write("netcode/__init__.py", "LOSS = 2.5")
    assert "Claims: all 1 are as expected" in project.build().stderr


def _check(project: Project) -> str:
    return (project.root / "derivations" / "__main__.py").read_text(encoding="utf-8")

"""The playground: its address holds its settings, and its program trains as netcode does."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcode import data, deep_network, one_hot
from publishing import npm
from publishing.live.python.session import Session

ROOT = Path(__file__).parents[3]
QUESTIONS = Path(__file__).with_name("playground.mjs")
SCRIPTS = ROOT / "docs" / "javascripts" / "playground"

USUAL: dict[str, Any] = {
    "data": "spiral",
    "classes": 3,
    "points": 100,
    "noise": 0.2,
    "hidden": [25],
    "learning_rate": 1.0,
    "lam": 0.001,
    "updates": 1000,
    "seed": 0,
}
MOONS = "#data=moons&classes=4&points=20&noise=0.35&hidden=16,8&learning_rate=0.5&lam=0.01&updates=200&seed=7"
WRONG = {
    "data=cubes": "one of spiral, moons, rings, clusters. spiral",
    "classes=6": "one of 2, 3, 4, 5. 3",
    "noise=-1": "one of 0, 0.05, 0.1, … 1. 0.2",
    "hidden=0": "up to 4 numbers from 1 to 64, with commas between them. 25",
    "hidden=65": "up to 4 numbers",
    "hidden=1,2,3,4,5": "up to 4 numbers",
    "hidden=8,": "up to 4 numbers",
    "hidden=1e1": "up to 4 numbers",
    "learning_rate=0.7": "one of 0.001, 0.002, 0.005, … 100. 1",
    "updates=": "one of 10, 20, 50, … 10000. 1000",
    "seed=x": "one of 0, 1, 2, … 99. 0",
}
OTHER = ["", "#some-things-to-try", "#page=1"]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = shutil.copytree(SCRIPTS, tmp_path_factory.mktemp("playground") / "scripts")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    fragments = [MOONS, "#hidden=", *OTHER, *(f"#{wrong}" for wrong in WRONG)]
    found: dict[str, Any] = json.loads(
        npm.run(QUESTIONS, str(folder), json.dumps({"usual": USUAL, "fragments": fragments}))
    )
    return {**found, "answers": dict(zip(fragments, found["answers"], strict=True))}


def test_an_address_gives_back_the_settings_that_it_holds(answered: dict[str, Any]) -> None:
    found = answered["answers"][MOONS]
    assert found["faults"] == []
    assert found["settings"]["hidden"] == [16, 8]
    assert found["settings"]["noise"] == 0.35
    assert f"#{found['address']}" == MOONS
    assert answered["answers"]["#hidden="]["settings"] == USUAL | {"hidden": []}


@pytest.mark.parametrize("fragment", OTHER)
def test_an_address_of_something_else_is_left_alone(answered: dict[str, Any], fragment: str) -> None:
    assert answered["answers"][fragment] is None


@pytest.mark.parametrize(("wrong", "expected"), WRONG.items())
def test_what_is_not_possible_is_said_and_the_usual_taken(answered: dict[str, Any], wrong: str, expected: str) -> None:
    found = answered["answers"][f"#{wrong}"]
    assert found["settings"] == USUAL
    (fault,) = found["faults"]
    assert fault.startswith(f"{wrong} is not possible: expected {expected}")
    assert fault.endswith(" is taken.")


def test_the_page_begins_with_settings_that_can_be_chosen(answered: dict[str, Any]) -> None:
    source = (ROOT / "docs" / "playground.py").read_text(encoding="utf-8")
    _, _, after = source.partition("settings = ")
    built = ast.literal_eval(after.partition("\n\n")[0])
    assert built == USUAL
    assert list(answered["values"]) == [name for name in built if name != "hidden"]
    assert {name: built[name] in values for name, values in answered["values"].items()} == dict.fromkeys(
        answered["values"], True
    )


def frames(*sources: str) -> list[dict[str, Any]]:
    """What the program hands to the page, as it does in the reader's Python."""
    shown: list[tuple[str, str]] = []
    session = Session(lambda kind, text: shown.append((kind, text)), "../")
    went_well = [session.run(f"cell {number}", source) for number, source in enumerate(sources, start=1)]
    assert all(went_well), shown
    assert {kind for kind, _ in shown} == {"frame"}
    return [json.loads(text) for _, text in shown]


def test_its_weights_are_those_that_netcode_gives(answered: dict[str, Any]) -> None:
    points, *moments = frames(
        answered["answers"][MOONS]["program"], "answer(1, layer=1)", "answer(24, layer=2)", "answer(0, layer=3)"
    )
    rows, y = data.moons(20, 4, 0.35, 7)
    assert np.array_equal(points["rows"], rows)
    assert points["classes"] == y.tolist()
    assert [moment["update"] for moment in moments] == [1, 25, 25]
    X, Y = rows.T, one_hot(y, 4)
    parameters = deep_network.initialize((2, 16, 8, 4), seed=7)
    for _ in range(25):
        forward = deep_network.forward(X, parameters)
        gradient = deep_network.backward(X, Y, parameters, forward, 0.01).gradient
        parameters = deep_network.update(parameters, gradient, 0.5)
    for layer in (2, 3):
        np.testing.assert_allclose(moments[layer - 1]["W"], parameters.W[layer], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(moments[layer - 1]["b"], parameters.b[layer], rtol=1e-9, atol=1e-12)
    side = round(len(moments[-1]["regions"]) ** 0.5)
    line = np.linspace(-1.3, 1.3, side)
    plane = np.stack(np.meshgrid(line, line)).reshape(2, -1)
    labels = deep_network.forward(plane, parameters).P.argmax(axis=0)
    assert moments[-1]["regions"] == "".join(map(str, labels))


def test_a_training_that_diverges_is_told_as_trouble(answered: dict[str, Any]) -> None:
    program = answered["answers"][MOONS]["program"].replace('"learning_rate":0.5', '"learning_rate":1e6')
    *_, last = frames(program, "answer(50, layer=1)")
    assert last["trouble"].startswith("training diverged")


def test_beginning_again_is_another_program(answered: dict[str, Any]) -> None:
    assert answered["again"] != answered["answers"]["#hidden="]["program"].replace("[]", "[25]")

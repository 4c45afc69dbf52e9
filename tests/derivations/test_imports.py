"""The rooms of `derivations` and the arrows between them: none runs back, imports for types only included."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("derivations", "netcode")
    for path in sorted((ROOT / package).rglob("*.py"))
}

MAY_IMPORT = {
    "calculus": set(),
    "proofs": {"calculus"},
    "reverse": {"calculus", "proofs"},
    "layers": {"reverse"},
    "graph": {"calculus", "proofs", "reverse", "notation"},
}
"""The rooms that others stand on, and all that they may import of `derivations`."""


def imported(path: Path) -> set[str]:
    """The modules that a file imports, within functions and for types as well."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in within}
    return found


def imported_by(room: str) -> dict[str, set[str]]:
    inside = {name: path for name, path in MODULES.items() if f"{name}.".startswith(f"derivations.{room}.")}
    assert inside
    return {name: imported(path) for name, path in inside.items()}


@pytest.mark.parametrize("room", [room for room in MAY_IMPORT if (ROOT / "derivations" / room).is_dir()])
def test_no_arrow_runs_back(room: str) -> None:
    allowed = tuple(f"derivations.{other}" for other in (room, *sorted(MAY_IMPORT[room])))
    for name, found in imported_by(room).items():
        wrong = {other for other in found if other.startswith("derivations") and not other.startswith(allowed)}
        assert not wrong, f"{name} imports {', '.join(sorted(wrong))}"


def test_netcode_is_met_in_one_room() -> None:
    """Formulas meet code in `checking`; NumPy code knows nothing of formulas."""
    met = {name for name, path in MODULES.items() if any(other.startswith("netcode") for other in imported(path))}
    formulas = {name for name in met if name.startswith("derivations")}
    assert formulas
    assert {name for name in formulas if not name.startswith("derivations.checking")} == set()
    code = {name: imported(path) for name, path in MODULES.items() if name.startswith("netcode")}
    assert code
    assert not [name for name, found in code.items() if any(other.startswith("derivations") for other in found)]


def test_no_circles_between_rooms_and_chapters() -> None:
    """A chapter may use the rooms and chapters before it; whatever a room holds counts as that room."""
    found: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        if name.startswith("derivations."):
            rooms = {_room(other) for other in imported(path) if other.startswith("derivations.")}
            found.setdefault(_room(name), set()).update(rooms - {_room(name)})
    assert {"derivations.graph", "derivations.calculus"} < found["derivations.network"]
    TopologicalSorter(found).prepare()


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize(
    "package",
    [
        "derivations.calculus",
        "derivations.proofs",
        "derivations.checking",
        "derivations.reverse",
        "derivations.graph",
        "derivations.figures",
        "netcode",
    ],
)
def test_no_circles(package: str) -> None:
    """Each module can be read after those that it imports; a package's own list of exports doesn't count."""
    inside = {name: path for name, path in MODULES.items() if name.startswith(f"{package}.")}
    assert len(inside) > 2
    TopologicalSorter({name: imported(path) & inside.keys() for name, path in inside.items()}).prepare()

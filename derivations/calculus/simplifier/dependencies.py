"""Which names are made of which: the graph of the definitions, walked without recursion, however long a chain."""

from __future__ import annotations

from functools import cached_property

from derivations.calculus.definitions import Definitions, by_name, names_in

__all__ = ["Dependencies"]


class Dependencies:
    """Each name is made of others, those of others again; ValueError if a definition contains its own name."""

    def __init__(self, where: Definitions) -> None:
        self.definitions = by_name(where)
        self._direct = {name: names_in(body) for name, (_, body) in self.definitions.items()}

    @cached_property
    def levels(self) -> dict[str, int]:
        """How many definitions follow on each other below a name; names of lower levels come first."""
        levels: dict[str, int] = {}
        while len(levels) < len(self._direct):
            ready = [name for name in self._direct if name not in levels and self._defined_in(name) <= levels.keys()]
            if not ready:
                circle = min(self._direct.keys() - levels.keys())
                raise ValueError(f"the definition of {circle} contains {circle}, directly or through other names")
            level = 1 + max(levels.values(), default=0)
            levels.update(dict.fromkeys(ready, level))
        return levels

    def _defined_in(self, name: str) -> frozenset[str]:
        return self._direct[name] & self._direct.keys()

    @cached_property
    def _all(self) -> dict[str, set[str]]:
        """The names that a name is made of, itself among them."""
        found: dict[str, set[str]] = {}
        for name in self.levels:
            found[name] = {name} | self._direct[name]
            found[name].update(*[found[other] for other in self._defined_in(name)])
        return found

    def depends(self, name: str, other: str) -> bool:
        """Whether a name is, or is made of, another."""
        return name == other or other in self._all.get(name, ())

    def below(self, name: str) -> list[str]:
        """The defined names that a name is made of, in an order in which each follows those that it is made of."""
        return [other for other in self.levels if other != name and self.depends(name, other)]

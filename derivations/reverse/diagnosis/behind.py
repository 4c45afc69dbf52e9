"""What a name acts on."""

from __future__ import annotations

from derivations.calculus.definitions import Definitions, name_of, names_in

__all__ = ["behind"]


def behind(name: str, where: Definitions) -> frozenset[str]:
    """The names that are computed from this one, itself among them."""
    found = {name}
    for _ in where:
        more = {name_of(pattern) for pattern, body in where.items() if names_in(body) & found} - found
        if not more:
            break
        found |= more
    return frozenset(found)

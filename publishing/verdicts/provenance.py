"""Under each displayed formula: what was proven of it, what was cross-checked in numbers, and where it stands."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MEDIA_TYPE = "application/vnd.checked-backprop.provenance+json"
VERDICTS = ("proven", "cross-checked", "refuted")

COLUMNS = ("claim", "verdict", "sizes", "largest error", "source")


@dataclass
class Ledger:
    """The claims of this build's report by their names, and the address that a source line has for a page."""

    claims: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    address: Callable[[str], str] = str

    def of(self, statement: str) -> list[dict[str, Any]]:
        """A statement's claims in the report's order: its lines, then what is compared with the training code."""
        return [claim for name, claim in self.claims.items() if name == statement or name.startswith(f"{statement}.")]

    def require(self, claims: Iterable[Mapping[str, Any]]) -> None:
        """Raises ValueError unless the report holds each of the claims, word for word, and there is one."""
        if not claims:
            raise ValueError("a displayed formula makes no claim")
        for claim in claims:
            reported = self.claims.get(claim["id"])
            if reported is None:
                raise ValueError(f"a displayed formula is none of those that were checked: {claim['id']}")
            for key in ("statement", "expected", "verdict"):
                if claim[key] != reported[key]:
                    raise ValueError(f"{claim['id']}: {key} {claim[key]!r}, but {reported[key]!r} in the report")


def anchor_of(statement: str) -> str:
    """The id of a statement's formula in its page: letters, digits, _ and -, whatever a link can name as it is.

    >>> anchor_of("network.local['Z1_by_W1']")
    'network-local-Z1_by_W1'
    """
    return re.sub(r"\W+", "-", statement).strip("-")


def shown(formula: str, provenance: Mapping[str, Any], ledger: Ledger, anchor: str) -> str:
    """A cell's formula in HTML with its provenance beneath it, and an id if `anchor` isn't empty.

    Raises ValueError, which names the claim, if the provenance is not what the report says.
    """
    ledger.require(provenance["claims"])
    statements = {name: ledger.of(name) for name in provenance["id"].split(", ")}
    claims = [claim for own in statements.values() for claim in own]
    refuted = [claim for claim in claims if claim["expected"] == "fails"]
    target = f' id="{anchor}"' if anchor else ""
    counterexamples = "".join(f"<p><strong>Refuted.</strong> {_in_a_sentence(claim)}</p>" for claim in refuted)
    head = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
    rows = "".join(_rows(name, own, ledger, heading=len(statements) > 1) for name, own in statements.items())
    return (
        f'<div class="derived{" refuted" if refuted else ""}"{target}>{formula}{counterexamples}'
        f'<details class="provenance"><summary>{_summary(provenance["title"], len(statements), claims)}</summary>'
        '<div class="claims" data-search-exclude>'
        f"<table><thead><tr>{head}</tr></thead>{rows}</table></div>{_instead(provenance)}</details></div>"
    )


def sizes(claim: Mapping[str, Any]) -> str:
    """The sizes at which numbers were compared: `m = 4, n = 5`."""
    named = sorted((name, size) for name, size in (claim["sizes"] or {}).items() if name.isalpha())
    return ", ".join(f"{name} = {size}" for name, size in named)


def refutation(counterexample: Mapping[str, Any]) -> str:
    """A counterexample in a few words: the sizes, the place, and what the two sides are there."""
    if what := counterexample.get("what"):
        return str(what)
    places = counterexample["sizes"] | counterexample.get("at", {})
    at = "".join(f"{name} = {place}, " for name, place in places.items())
    return f"{at}left {counterexample['left']:.6g}, right {counterexample['right']:.6g}"


def _instead(provenance: Mapping[str, Any]) -> str:
    """What is right in place of a refuted statement."""
    correction = provenance.get("correction")
    return f"<p><strong>What holds.</strong> {html.escape(correction, quote=False)}</p>" if correction else ""


def _summary(title: str, statements: int, claims: Iterable[Mapping[str, Any]]) -> str:
    found = Counter(claim["verdict"] for claim in claims)
    counts = ", ".join(
        f'<span class="verdict {verdict}">{found[verdict]} {verdict}</span>' for verdict in VERDICTS if found[verdict]
    )
    several = "1 result" if statements == 1 else f"{statements} results"
    return f"{html.escape((title or several).rstrip('.'), quote=False)}: {counts}"


def _rows(statement: str, claims: Iterable[Mapping[str, Any]], ledger: Ledger, heading: bool) -> str:
    first = f'<tr><th scope="rowgroup" colspan="{len(COLUMNS)}">{statement}</th></tr>' if heading else ""
    return f"<tbody>{first}{''.join(_row(claim, statement, ledger) for claim in claims)}</tbody>"


def _row(claim: Mapping[str, Any], statement: str, ledger: Ledger) -> str:
    part = claim["id"].removeprefix(statement).removeprefix(".")
    verdict, error = claim["verdict"], claim["max_error"]
    what = claim.get("step") or part or "the statement"
    cells = (
        f"line {part}" if part.isdigit() else html.escape(what, quote=False),
        f'<span class="verdict {verdict}">{verdict}</span>{_condition(claim)}',
        sizes(claim),
        "" if error is None else f"{error:.1e}" if error else "0",
        f'<a href="{ledger.address(claim["source"])}">{claim["source"]}</a>',
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _condition(claim: Mapping[str, Any]) -> str:
    provided = ", ".join(claim.get("provided", ()))
    return f", provided that {html.escape(provided, quote=False)}" if provided else ""


def _in_a_sentence(claim: Mapping[str, Any]) -> str:
    """The counterexample, as one would say it."""
    found = claim["counterexample"]
    if "what" in found:
        return f"{html.escape(found['what'][:1].upper() + found['what'][1:], quote=False)}."
    given = [f"{name} = {number}" for name, number in found["sizes"].items()]
    given += [f"{name} = {_array(value)}" for name, value in found["values"].items()]
    at = ", ".join(f"{name} = {place}" for name, place in found["at"].items())
    place = f" at {at} (counted from 0)" if at else ""
    left, right = _array(found["left"]), _array(found["right"])
    return f"With {', '.join(given)} the left side is {left}{place}, the right side {right}."


def _array(value: Any) -> str:
    """A number, or nested lists of them, without needless digits."""
    if isinstance(value, list):
        return f"[{', '.join(map(_array, value))}]"
    return f"{value:.6g}".replace("-", "−")

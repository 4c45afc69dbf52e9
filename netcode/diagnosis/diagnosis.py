"""What was found out about somebody's gradients, to be read: as text, and as HTML in a notebook or a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal, NamedTuple

from netcode.mistakes.mistake import Mistake

Verdict = Literal["right", "another choice", "known mistake", "not a known mistake", "no answer"]

WORDS: dict[Verdict, str] = {
    "right": "right",
    "another choice": "right, by another choice",
    "known mistake": "wrong",
    "not a known mistake": "wrong, and not a known mistake",
    "no answer": "not computed",
}


class Cause(NamedTuple):
    """A mistake that is behind a gradient."""

    mistake: Mistake
    wrong: str
    """The line as it is in the catalogue, examples being columns."""
    right: str
    number: float | None = None
    """What stands in the line in the place of its number."""


class Finding(NamedTuple):
    """What is to be said of one gradient."""

    gradient: str
    verdict: Verdict
    causes: Sequence[Sequence[Cause]] = ()
    """The mistakes that together make it what it is; where several ways can't be told apart, each of them."""
    detail: str = ""
    """Where it differs most, or how."""

    @property
    def ok(self) -> bool:
        """Whether it is right, or would be by another choice that may be made as well."""
        return self.verdict in ("right", "another choice")

    def __str__(self) -> str:
        ways = [" and ".join(dict.fromkeys(cause.mistake.name for cause in way)) for way in self.causes]
        said = WORDS[self.verdict]
        if ways:
            said += ": " + ", or ".join(dict.fromkeys(ways))
        return f"{said}: {self.detail}" if self.detail else said


class Diagnosis(NamedTuple):
    """Whether the gradients are right, and if not, which mistakes make them wrong. Print it, or show it in a cell."""

    findings: Sequence[Finding]
    """For dW1, db1, dW2, db2."""
    remarks: Sequence[str]
    """What else there is to know, a sentence each."""
    error: str = ""
    """The traceback of what the function raised, if it did not answer."""

    @property
    def ok(self) -> bool:
        """Whether all four gradients are right, or would be by another choice that may be made as well."""
        return all(finding.ok for finding in self.findings)

    @property
    def explained(self) -> bool:
        """Whether each gradient that is wrong is so by mistakes that are known."""
        return all(finding.verdict in ("right", "another choice", "known mistake") for finding in self.findings)

    @property
    def summary(self) -> str:
        """The whole in one line."""
        wrong = [finding.gradient for finding in self.findings if not finding.ok]
        if self.error:
            return "No gradient was computed."
        if not wrong:
            return "All four gradients are right."
        if len(wrong) == len(self.findings):
            return "All four gradients are wrong."
        return f"{_listed(wrong)} {'is' if len(wrong) == 1 else 'are'} wrong; the rest is right."

    @property
    def causes(self) -> list[tuple[list[str], list[Cause]]]:
        """The mistakes, each by one of its lines or several, and the gradients that each makes wrong."""
        found: dict[str, tuple[list[str], list[Cause]]] = {}
        for finding in self.findings:
            for cause in dict.fromkeys(cause for way in finding.causes for cause in way):
                gradients, causes = found.setdefault(cause.mistake.name, ([], []))
                if finding.gradient not in gradients:
                    gradients.append(finding.gradient)
                if cause.wrong not in (other.wrong for other in causes):
                    causes.append(cause)
        return list(found.values())

    @property
    def told_apart(self) -> bool:
        """Whether there is only one way to explain each wrong gradient."""
        return all(len({_names(way) for way in finding.causes}) < 2 for finding in self.findings)

    def __str__(self) -> str:
        return "\n".join(self._text())

    def _repr_html_(self) -> str:
        return "".join(self._html())

    def _text(self) -> Iterator[str]:
        yield self.summary
        yield ""
        if self.error:
            yield textwrap.indent(self.error, "    ")
        else:
            for finding in self.findings:
                yield f"    {finding.gradient}  {finding}"
        for gradients, causes in self.causes:
            yield f"\n{causes[0].mistake.name}, in {_listed(gradients)}"
            yield textwrap.fill(_sentence(causes[0]), 100, initial_indent="    ", subsequent_indent="    ")
            for cause in causes:
                yield "    wrong:  " + cause.wrong.replace("\n", "\n" + 12 * " ")
                yield "    right:  " + cause.right
            yield "    more:   " + causes[0].mistake.place
        for remark in self._remarks():
            yield "\n" + textwrap.fill(remark, 100)

    def _html(self) -> Iterator[str]:
        yield f'<div class="diagnosis"><p><strong>{escape(self.summary)}</strong></p>'
        if self.error:
            yield f'<pre tabindex="0">{escape(self.error)}</pre>'
        else:
            rows = (
                f'<tr><th scope="row"><code>{finding.gradient}</code></th><td>{escape(str(finding))}</td></tr>'
                for finding in self.findings
            )
            yield '<table><thead><tr><th scope="col">gradient</th><th scope="col">verdict</th></tr></thead>'
            yield f"<tbody>{''.join(rows)}</tbody></table>"
        if self.causes:
            yield "<dl>"
            for gradients, causes in self.causes:
                name, sentence = causes[0].mistake.name, escape(_sentence(causes[0]))
                yield f"<dt><strong>{name}</strong>, in {_listed(gradients)}</dt><dd><p>{sentence} "
                yield f'<a href="../{causes[0].mistake.place}" aria-label="More on {name}">More.</a></p>'
                for cause in causes:
                    wrong, right = (escape(line).replace("\n", "<br>") for line in (cause.wrong, cause.right))
                    yield f"<p>wrong: <code>{wrong}</code><br>right: <code>{right}</code></p>"
                yield "</dd>"
            yield "</dl>"
        yield from (f"<p>{escape(remark)}</p>" for remark in self._remarks())
        yield "</div>"

    def _remarks(self) -> Iterator[str]:
        if not self.told_apart:
            yield "Where it says or, these numbers can't tell the mistakes apart: each of them would give the same."
        yield from self.remarks


def _names(way: Sequence[Cause]) -> frozenset[str]:
    return frozenset(cause.mistake.name for cause in way)


def _sentence(cause: Cause) -> str:
    number = "" if cause.number is None else f" The number is {cause.number:.6g} here."
    return cause.mistake.sentence + number


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))

"""What was found out about somebody's gradients, to be read: as text, and as HTML in a notebook or a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

from netcode.mistakes.catalogue import MISTAKES, by_name
from netcode.mistakes.mistake import Mistake

Verdict = Literal[
    "right", "another choice", "known mistake", "not a known mistake", "no answer", "not returned", "not judged"
]

WORDS: dict[Verdict, str] = {
    "right": "right",
    "another choice": "right, by another choice",
    "known mistake": "wrong",
    "not a known mistake": "wrong, and not a known mistake",
    "no answer": "not computed",
    "not returned": "not returned",
    "not judged": "not judged",
}
MARKS: dict[Verdict, str] = {
    "right": "✓",
    "another choice": "✓",
    "no answer": "-",
    "not returned": "-",
    "not judged": "-",
}
EXPLAINED = {mistake.name for mistake in MISTAKES}
"""What the page of the mistakes explains."""
COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six")


class Cause(NamedTuple):
    """A mistake that is behind a gradient."""

    mistake: Mistake
    wrong: str
    """The line as it would be in this project's code."""
    right: str
    number: str | None = None
    """What is in the line in the place of its number."""
    quantity: str = ""
    """What the line computes."""
    line: str = ""
    """The line of the reader's own code that computes it, with its number, where it was found."""

    def as_data(self) -> dict[str, Any]:
        """Texts alone; of the mistake its name, and the sentence as it is told here."""
        of_mistake = {"sentence": self.mistake.sentence, "choice": self.mistake.choice}
        return self._asdict() | {"mistake": self.mistake.name} | of_mistake

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Cause:
        """What `as_data` gave."""
        mistake = by_name(data["mistake"])._replace(sentence=data["sentence"], choice=data["choice"])
        return cls(**{name: data[name] for name in cls._fields if name != "mistake"}, mistake=mistake)


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
        return self.verdict in ("right", "another choice", "not returned")

    def __str__(self) -> str:
        ways = [" and ".join(dict.fromkeys(cause.mistake.name for cause in way)) for way in self.causes]
        said = WORDS[self.verdict]
        if ways:
            said += ": " + ", or ".join(dict.fromkeys(ways))
        return f"{said}: {self.detail}" if self.detail else said


class Diagnosis(NamedTuple):
    """Whether the gradients are right, and if not, which mistakes make them wrong. Print it, or show it in a cell."""

    findings: Sequence[Finding]
    """For dW1, db1, dW2, db2, and so on."""
    remarks: Sequence[str]
    """What else there is to know, a sentence each."""
    error: str = ""
    """The traceback of what the function raised, if it did not answer."""
    misfit: str = ""
    """Where the function fails when all sizes differ, in one line."""
    asked: str = ""
    """The name of the function."""
    network: str = ""
    """The network and the loss that it is for."""
    caution: str = ""
    """What is to be said at once: that the function is random, or that its loss is another one."""
    site: str = ""
    """The address of a page that explains the mistakes, up to the name of one; without it there are no links."""

    @property
    def ok(self) -> bool:
        """Whether all gradients are right, or would be by another choice that may be made as well."""
        return all(finding.ok for finding in self.findings) and not self.misfit

    @property
    def explained(self) -> bool:
        """Whether each gradient that is wrong is so by mistakes that are known."""
        return all(finding.ok or finding.verdict == "known mistake" for finding in self.findings)

    @property
    def summary(self) -> str:
        """The whole in a sentence."""
        if self.error:
            return f"No gradient was computed: {self.misfit or self.error.splitlines()[-1]}."
        if self.caution and not self.network and not self.misfit:
            return self.caution
        said = f"{self.network}: {self._judged()}" if self.network else self._judged().capitalize()
        if self.caution:
            said = f"{said} {self.caution}"
        return f"The function fails where sizes differ. {self._misfit_sentence()} {said}" if self.misfit else said

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
    def unambiguous(self) -> bool:
        """Whether there is only one way to explain each wrong gradient."""
        return all(len({_names(way) for way in finding.causes}) < 2 for finding in self.findings)

    def as_data(self) -> dict[str, Any]:
        """Nothing but dictionaries, lists and texts, as JSON has them."""
        findings = [
            finding._asdict() | {"causes": [[cause.as_data() for cause in way] for way in finding.causes]}
            for finding in self.findings
        ]
        return {**self._asdict(), "findings": findings, "remarks": list(self.remarks)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Diagnosis:
        """The diagnosis that `as_data` gave. Raises KeyError or TypeError if it is none."""
        findings = []
        for one in data["findings"]:
            ways = [[Cause.from_data(cause) for cause in way] for way in one["causes"]]
            findings.append(Finding(**{**one, "causes": ways}))
        return cls(**{**data, "findings": findings})

    def __str__(self) -> str:
        return "\n".join(self._text())

    def _repr_html_(self) -> str:
        return "".join(self._html())

    # The first sentence

    def _judged(self) -> str:
        wrong = [finding.gradient for finding in self.findings if not finding.ok]
        if not wrong:
            return f"{self._all()} right{self._choices()}."
        told = [(gradients, causes) for gradients, causes in self.causes if not causes[0].mistake.choice]
        if not told:
            known = "" if len(wrong) == len(self.findings) else "; the rest is right"
            return f"{_are(wrong)} wrong, and by no mistake that is known here{known}."
        (gradients, causes), *more = told
        first = f"{_wrong_by(gradients, causes[0])}"
        if len(told) > 2:
            return f"more than two things are wrong; the first is: {first}"
        return " And ".join([first, *(_wrong_by(*(names, other[0])) for names, other in more)])

    def _all(self) -> str:
        count = len(self.findings)
        known = [finding for finding in self.findings if finding.verdict != "not returned"]
        if len(known) < count:
            return _are([finding.gradient for finding in known])
        words = {1: "the gradient is", 2: "both gradients are"}
        return words.get(count) or f"all {COUNTS[count].lower() if count < len(COUNTS) else count} gradients are"

    def _choices(self) -> str:
        names = dict.fromkeys(causes[0].mistake.name for _, causes in self.causes)
        return f", by another choice ({', '.join(names)})" if names else ""

    def _misfit_sentence(self) -> str:
        return f"{self.misfit[:1].upper()}{self.misfit[1:]}."

    # The whole

    def _text(self) -> Iterator[str]:
        yield textwrap.fill(self.summary, 100)
        yield ""
        if self.error:
            yield textwrap.indent(self.error, "    ")
        else:
            for finding in self.findings:
                yield f"  {MARKS.get(finding.verdict, '✗')} {finding.gradient}  {finding}"
        for gradients, causes in self.causes:
            yield f"\n{causes[0].mistake.name}, in {_listed(gradients)}"
            yield textwrap.fill(_sentence(causes[0]), 100, initial_indent="    ", subsequent_indent="    ")
            for cause in causes:
                if cause.line:
                    yield "    yours:  " + cause.line
                yield "    wrong:  " + cause.wrong.replace("\n", "\n" + 12 * " ")
                yield "    right:  " + cause.right
            if self.site and causes[0].mistake.name in EXPLAINED:
                yield f"    more:   {self.site}{causes[0].mistake.name}"
        for remark in self._remarks():
            yield "\n" + textwrap.fill(remark, 100)

    def _html(self) -> Iterator[str]:
        yield f'<div class="diagnosis"><p><strong>{escape(self.summary)}</strong></p>'
        if self.error:
            yield f'<pre tabindex="0">{escape(self.error)}</pre>'
        else:
            rows = (
                f'<tr><th scope="row"><code>{finding.gradient}</code></th>'
                f"<td>{MARKS.get(finding.verdict, '✗')} {escape(str(finding))}</td></tr>"
                for finding in self.findings
            )
            yield '<table><thead><tr><th scope="col">gradient</th><th scope="col">verdict</th></tr></thead>'
            yield f"<tbody>{''.join(rows)}</tbody></table>"
        if self.causes:
            yield "<dl>"
            for gradients, causes in self.causes:
                yield f"<dt><strong>{causes[0].mistake.name}</strong>, in {_listed(gradients)}</dt>"
                yield f"<dd><p>{escape(_sentence(causes[0]))}{self._link(causes[0].mistake)}</p>"
                yield from (_lines_in_html(cause) for cause in causes)
                yield "</dd>"
            yield "</dl>"
        yield from (f"<p>{escape(remark)}</p>" for remark in self._remarks())
        yield "</div>"

    def _link(self, mistake: Mistake) -> str:
        if not self.site or mistake.name not in EXPLAINED:
            return ""
        return f' <a href="{escape(self.site + mistake.name)}" aria-label="More on {mistake.name}">More.</a>'

    def _remarks(self) -> Iterator[str]:
        if not self.unambiguous:
            yield "Where it says or, these numbers can't tell the mistakes apart: each of them would give the same."
        if self.asked:
            yield f"This is about {self.asked}."
        yield from self.remarks


def _names(way: Sequence[Cause]) -> frozenset[str]:
    return frozenset(cause.mistake.name for cause in way)


def _lines_in_html(cause: Cause) -> str:
    wrong, right = (escape(line).replace("\n", "<br>") for line in (cause.wrong, cause.right))
    yours = f"yours: <code>{escape(cause.line)}</code><br>" if cause.line else ""
    return f"<p>{yours}wrong: <code>{wrong}</code><br>right: <code>{right}</code></p>"


def _wrong_by(gradients: Sequence[str], cause: Cause) -> str:
    return f"{_are(gradients)} {_how_wrong(cause)}: {cause.mistake.sentence}"


def _how_wrong(cause: Cause) -> str:
    """By which factor, where it is one."""
    factors = {"mean-forgotten": "m times too large", "mean-twice": "divided by m once too often"}
    if cause.mistake.name in factors:
        return factors[cause.mistake.name]
    if cause.number is not None and cause.mistake.name in ("stray-factor", "learning-rate-folded-in"):
        return f"{cause.number} times what is right"
    return "wrong"


def _sentence(cause: Cause) -> str:
    return cause.mistake.sentence + ("" if cause.number is None else f" The number is {cause.number} here.")


def _are(words: Sequence[str]) -> str:
    return f"{_listed(words)} {'is' if len(words) == 1 else 'are'}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))

"""The command line: `python -m derivations list`, `check`, `show`, `derive` and `verify`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from derivations.book.verify import add_verify
from derivations.calculus.writers.python_names import NoCodeError
from derivations.checking import UnknownNameError, all_claims, check_all, find, statements
from derivations.checking.against_netcode import left_out
from derivations.checking.report import check_report_path, write_report
from derivations.proofs import verdicts
from derivations.proofs.claims import ClaimError, Outcome
from derivations.proofs.derivation import Derivation
from derivations.proofs.loading import LoadError
from derivations.proofs.statement import Statement
from derivations.proofs.validation import IllFormedError
from derivations.reverse import FormulaError
from derivations.reverse.command import add_derive

if TYPE_CHECKING:
    from rich.console import Console

EXIT_NOT_AS_EXPECTED = 1
EXIT_USAGE = 2

MANY_ALLOCATIONS = 100_000
"""The garbage collector looks once in so many allocations: expressions are trees, which need no collector."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, 1 if a claim is not as expected, 2 if the command makes no sense."""
    options = _parser().parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever read our output has stopped, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (UnknownNameError, FormulaError, IllFormedError, LoadError, OSError) as error:
        print(f"derivations: {error}", file=sys.stderr)
        return EXIT_USAGE
    except ModuleNotFoundError as error:
        if error.name != "rich":
            raise
        print("derivations: the tables need rich: pip install rich", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        print("derivations: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m derivations", description="Derivations of backpropagation, proven by machine."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = commands.add_parser("list", help="name all derivations and errata")
    listing.set_defaults(run=_list)
    check = commands.add_parser("check", help="prove every link, refute every misconception, and compare with netcode")
    check.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="a chapter, a derivation, or both as CHAPTER.NAME; a file or package of yours (default: all chapters)",
    )
    check.add_argument("--json", type=Path, metavar="FILE", help="write the report here as well")
    check.set_defaults(run=_check)
    show = commands.add_parser("show", help="write a derivation out")
    show.add_argument("name", metavar="NAME", help="a derivation or an misconception, see `list`")
    show.add_argument("--format", choices=("text", "latex", "numpy"), default="text", help="default: text")
    show.set_defaults(run=_show)
    add_derive(commands)
    add_verify(commands)
    return parser


def _list(options: argparse.Namespace) -> int:
    from rich.table import Table

    table = Table("name", "what it says", box=None, pad_edge=False)
    for name, statement in statements().items():
        table.add_row(name, statement.title)
    _console().print(table)
    return 0


def _console() -> Console:
    """A terminal as it is; a pipe or a file gets lines of any length."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def _check(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    gc.freeze()
    gc.set_threshold(MANY_ALLOCATIONS)
    if options.json is not None:
        check_report_path(options.json)
    chosen = list(statements().values())
    if options.names:
        chosen = list(dict.fromkeys(statement for name in options.names for statement in find(name)))
    verdicts.use(verdicts.VerdictStore())  # what is checked here is decided here
    claims = all_claims(chosen)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(claims))
        outcomes = check_all(claims, lambda outcome: progress.update(task, advance=1, description=outcome.claim.id))
    if options.json is not None:
        write_report(options.json, outcomes)
    _print_table(chosen, outcomes)
    wrong = [outcome for outcome in outcomes if not outcome.as_expected]
    print(_summary(outcomes))
    if any(outcome.claim.id.endswith(".netcode") for outcome in outcomes) and left_out():
        print(f"Left out, as scikit-learn is not installed (the extra `digits`): {'; '.join(left_out())}.")
    for outcome in wrong:
        print(f"NOT AS EXPECTED: {outcome}", file=sys.stderr)
    return EXIT_NOT_AS_EXPECTED if wrong else 0


def _print_table(chosen: list[Statement], outcomes: list[Outcome]) -> None:
    """One line a statement: a mark, what was found, the largest error, the time."""
    from rich.table import Table

    table = Table("", "name", "found", "largest error", "seconds", box=None, pad_edge=False)
    for statement in chosen:
        own = [
            outcome
            for outcome in outcomes
            if outcome.claim.id.startswith(f"{statement.id}.") or outcome.claim.id == statement.id
        ]
        errors = [
            o.decision.max_error for o in own if o.decision.max_error is not None and o.decision.verdict != "refuted"
        ]
        table.add_row(
            "[green]ok[/]" if all(outcome.as_expected for outcome in own) else "[bold red]NO[/]",
            statement.id,
            _found(own),
            f"{max(errors):.1e}" if errors else "",
            f"{sum(outcome.seconds for outcome in own):.2f}",
        )
    _console().print(table)


def _found(outcomes: list[Outcome]) -> str:
    counts = {
        verdict: [o.decision.verdict for o in outcomes].count(verdict)
        for verdict in ("proven", "cross-checked", "undecided", "refuted")
    }
    parts = [f"{count} {verdict}" for verdict, count in counts.items() if count and len(outcomes) > 1]
    if not parts:
        parts = [outcomes[0].decision.verdict]
    if any(outcome.claim.expected == "fails" and outcome.as_expected for outcome in outcomes):
        parts.append("as expected")
    return ", ".join(parts)


def _summary(outcomes: list[Outcome]) -> str:
    verdicts = [outcome.decision.verdict for outcome in outcomes]
    expected_to_fail = sum(outcome.claim.expected == "fails" and outcome.as_expected for outcome in outcomes)
    wrong = sum(not outcome.as_expected for outcome in outcomes)
    return (
        f"{len(outcomes)} claims: {verdicts.count('proven')} proven for all sizes, "
        f"{verdicts.count('cross-checked')} cross-checked in numbers, "
        f"{expected_to_fail} refuted as expected, {wrong} not as expected."
    )


def _show(options: argparse.Namespace) -> int:
    found = find(options.name)
    for statement in found:
        if options.format != "numpy":
            print({"text": statement.text, "latex": statement.latex}[options.format]())
        elif isinstance(statement, Derivation):
            print(_line_of_numpy(statement))
        else:
            raise UnknownNameError(f"{statement.id} is no derivation: it has no line of NumPy")
    return _verified(found)


def _line_of_numpy(derivation: Derivation) -> str:
    try:
        return derivation.numpy
    except NoCodeError as error:
        raise UnknownNameError(f"{derivation.id}: {error}") from None


def _verified(found: list[Statement]) -> int:
    """What is wrong with what was shown, so that a false formula is not taken for a right one."""
    status = 0
    for statement in found:
        try:
            statement.verify()
        except ClaimError as error:
            print(f"NOT AS EXPECTED: {error}", file=sys.stderr)
            status = EXIT_NOT_AS_EXPECTED
    return status


if __name__ == "__main__":
    sys.exit(main())

"""Showing how a training run gets on: a bar in a terminal, else a plain line for each tenth. Both go to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[int, float], None]  # (updates done, loss)


@contextmanager
def progress(updates: int) -> Iterator[Show]:
    """A function to call with the number of updates done, out of `updates`, and the loss."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(updates)
        return
    loss_column = TextColumn("updates   loss {task.fields[loss]}  ")
    with Progress(
        TextColumn("Training"), BarColumn(), MofNCompleteColumn(), loss_column, TimeRemainingColumn(), console=console
    ) as bar:
        task = bar.add_task("", total=updates, loss="")
        yield lambda done, loss: bar.update(task, completed=done, loss=f"{loss:.4f}")


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show in a terminal that something without steps goes on."""
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _lines(updates: int) -> Show:
    shown = -1

    def show(done: int, loss: float) -> None:
        nonlocal shown
        tenth = 10 * done // updates if updates else 10
        if tenth > shown:
            shown = tenth
            print(f"{done:>{len(f'{updates:,}')},} of {updates:,} updates   loss {loss:.4f}", file=sys.stderr)

    return show

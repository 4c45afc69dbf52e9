"""Results as tables in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.result import Cell, Result


def show(result: Result, console: Console, judged: bool) -> None:
    """Print the table, what is to be known about it, and, if `judged`, whether its targets are met."""
    console.print(f"\n{escape(result.title)}", style="bold")
    table = Table(box=None, pad_edge=False)
    for key, heading in result.columns.items():
        is_text = any(isinstance(row.get(key), str) for row in result.rows)
        table.add_column(escape(heading), justify="left" if is_text else "right")
    for row in result.rows:
        table.add_row(*(escape(in_words(row.get(key))) for key in result.columns))
    console.print(table)
    console.print(escape(result.note), style="dim")
    for reason in result.left_out:
        console.print(f"left out: {escape(reason)}", style="yellow")
    for target in result.targets if judged else ():
        mark = "[green]met   [/]" if target.met else "[bold red]MISSED[/]"
        bound = "at least" if target.at_least else "at most"
        console.print(f"{mark} {escape(target.name)}: {target.value:.4g}, target {bound} {target.limit:.4g}")


def in_words(cell: Cell) -> str:
    """A number with the digits that count."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 100:
        return f"{cell:,.0f}"
    if cell and abs(cell) < 1e-3:
        return f"{cell:.1e}"
    return f"{cell:.{1 if abs(cell) >= 10 else 2 if abs(cell) >= 1 else 4}f}"

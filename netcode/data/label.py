"""Which column of a table is the label: named by the user, or found where it is plain, and never merely assumed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from netcode.data.column import Column, find, listed
from netcode.errors import InputError

# What a label is called in well-known data sets, beginning with the names that can't be a feature's.
LABEL_NAMES = ("label", "class", "target")
USUAL_NAMES = (
    *("labels", "classes", "species", "variety", "diagnosis", "survived", "outcome", "quality", "category", "income"),
    *("digit", "churn", "exited", "cultivar", "class_label", "target_class", "variety_name", "default", "response"),
    *("subscribed", "label_id", "class_type", "classification", "deposit", "fraud", "is_fraud", "spam", "sentiment"),
)
FEW = 20  # different whole numbers that are plainly classes
SMALL = 10  # examples of which one can't tell whether labels repeat


class Choice(NamedTuple):
    """The column of the labels, and why it is that one."""

    column: Column
    reason: str


def choose_label(path: Path, columns: Sequence[Column], wanted: str | None) -> Choice:
    """The column that `wanted` names or numbers; without it, the one that plainly holds labels.

    Raises InputError if it isn't plain, or if what was chosen can't be a label.
    """
    if wanted is not None:
        choice = Choice(find(path, columns, wanted, "--label"), "as --label says")
    else:
        choice = _found(path, columns)
    _refuse_measurements(path, choice.column)
    _refuse_one_hot(path, columns, choice.column)
    return choice


def _found(path: Path, columns: Sequence[Column]) -> Choice:
    for names in (LABEL_NAMES, USUAL_NAMES):
        named = [column for column in columns if column.name.lower() in names]
        if named:
            return Choice(_only(path, named), "by its name")
    texts = [column for column in columns if column.is_text and _repeats(column)]
    texts = [column for column in texts if column.distinct > 1] or texts
    called_y = [column for column in columns if column.name.lower() == "y" and _is_few(column)]
    if texts or called_y:
        several = len({column.number for column in (*texts, *called_y)}) > 1
        reason = "the only column of text" if texts else "by its name"
        return Choice(_only(path, [*texts, *called_y]) if several else (*texts, *called_y)[0], reason)
    ends = [column for column in (columns[0], columns[-1]) if _is_few(column)] if len(columns) > 1 else []
    if ends:
        where = "first" if ends[0] is columns[0] else "last"
        return Choice(_only(path, ends), f"the {where} column, of few whole numbers")
    _refuse_one_hot(path, columns, columns[-1])
    raise InputError(
        f"{path}: no column is plainly the label (a text, a usual name such as species or target, or few whole numbers "
        f"in the first or last column); it has {listed(columns)}. Name it with --label NAME or --label NUMBER. A "
        "measured number can't be one: this network tells classes apart"
    )


def _only(path: Path, candidates: Sequence[Column]) -> Column:
    if len(candidates) == 1:
        return candidates[0]
    shown = ", ".join(f"{column.title} ({column.kind})" for column in candidates[:6])
    raise InputError(
        f"{path}: which column is the label isn't plain: {shown}{', ...' if len(candidates) > 6 else ''}; "
        f"name it, as in --label {candidates[0].option}, and leave out with --ignore what isn't a feature"
    )


def _is_few(column: Column) -> bool:
    fewer_than_examples = 2 <= column.distinct < len(column.cells)
    return column.is_whole and fewer_than_examples and column.distinct <= FEW and _repeats(column)


def _repeats(column: Column) -> bool:
    """Whether most labels occur more than once; of few examples one can't tell."""
    return len(column.cells) < SMALL or column.distinct <= len(column.cells) / 2


def _refuse_measurements(path: Path, column: Column) -> None:
    found = f"{path}: the label, column {column.title}, holds {column.kind} in {len(column.cells):,} examples"
    if not (column.is_text or len(column.odd) or column.is_whole) and column.distinct > 2 and not _is_coarse(column):
        raise InputError(f"{found}: a measured number; expected classes (name another --label, or make ranges of it)")
    if not _repeats(column):
        raise InputError(f"{found}: hardly any repeats, as if it were an id or a measured number; expected classes")


def _is_coarse(column: Column) -> bool:
    return column.distinct <= FEW and _repeats(column)


def _refuse_one_hot(path: Path, columns: Sequence[Column], label: Column) -> None:
    """The others of columns of 0 and 1 that say together what one label would are no features: they tell the label."""
    group = _one_hot_group(columns, label)
    if len(group) > 1:
        others = ",".join(column.option for column in group if column is not label)
        raise InputError(
            f"{path}: the columns {listed(group)} hold one label together, as 0 and 1 (one-hot); expected one column "
            f"that names it (or, for the yes or no of {label.title} alone, --label {label.option} --ignore {others})"
        )


def _one_hot_group(columns: Sequence[Column], label: Column) -> Sequence[Column]:
    """The adjacent columns of 0 and 1, the label's among them, of which each row has exactly one 1."""
    at = next(k for k, column in enumerate(columns) if column is label)
    start, end = at, at + 1
    while start > 0 and at - start < FEW and columns[start - 1].is_binary:
        start -= 1
    while end < len(columns) and end - at < FEW and columns[end].is_binary:
        end += 1
    if not label.is_binary or end - start < 2:
        return [label]
    sums = np.cumsum([np.zeros(len(label.cells)), *(column.numbers for column in columns[start:end])], axis=0)
    for first in range(at - start + 1):
        for after in range(at - start + 1, end - start + 1):
            if after - first > 1 and (sums[after] - sums[first] == 1).all():
                return columns[start + first : start + after]
    return [label]

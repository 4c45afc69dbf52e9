"""The columns of a table as features: each a number, or, where asked for, a text as columns of 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netcode.data.cells import is_missing
from netcode.data.column import ID_NAME, Column
from netcode.data.schema import Feature
from netcode.errors import InputError
from netcode.shapes import Array, Float

MAX_CATEGORIES = 100  # different texts in a column that becomes as many features
ENOUGH = 10  # examples among which a column that counts from 0 or 1 is no coincidence


def features_of(path: Path, columns: Sequence[Column], encode: bool) -> tuple[Feature, ...]:
    """The features that the columns make. Raises InputError for texts, unless they are to be encoded."""
    texts = [column for column in columns if column.is_text]
    if texts and not encode:
        _refuse_text(path, texts)
    features: list[Feature] = []
    for column in columns:
        categories = _categories(path, column) if column in texts else [""]
        features += [Feature(column.name, column.number, category) for category in categories]
    return tuple(features)


def matrix(
    path: Path, columns: dict[int, Column], features: Sequence[Feature], lines: Sequence[int]
) -> Float[Array, "m n"]:
    """The features of each row of cells, NaN where a value is missing. `columns` are found by their numbers.

    Raises InputError at a cell that is no finite number, or a text that isn't among the features' categories.
    """
    X = np.empty((len(lines), len(features)))
    categories: dict[int, set[str]] = {}
    for feature in features:
        categories.setdefault(feature.number, set()).add(feature.category)
    for number, known in categories.items():
        _check_cells(path, columns[number], None if known == {""} else known, lines)
    for k, feature in enumerate(features):
        X[:, k] = _values(columns[feature.number], feature)
    return X


def _values(column: Column, feature: Feature) -> Float[Array, " m"]:
    if not feature.category:
        return column.numbers
    values = np.array([cell == feature.category for cell in column.cells], dtype=np.float64)
    values[column.missing] = np.nan
    return values


def _check_cells(path: Path, column: Column, known: set[str] | None, lines: Sequence[int]) -> None:
    if known is not None:
        for row, cell in enumerate(column.cells):
            if cell not in known and not is_missing(cell):
                expected = ", ".join(sorted(known)[:10])
                raise InputError(f"{_where(path, column, lines[row])}: {cell[:40]!r}; the model knows {expected}")
        return
    for row in [*column.odd[:1], *np.flatnonzero(np.isinf(column.numbers))[:1]]:
        raise InputError(f"{_where(path, column, lines[row])}: {column.cells[row][:40]!r}; expected a finite number")


def _where(path: Path, column: Column, line: int) -> str:
    return f"{path}, line {line}, column {column.title}"


def _refuse_text(path: Path, texts: Sequence[Column]) -> None:
    shown = ", ".join(f"{column.title} (as {column.cells[column.odd[0]][:20]!r})" for column in texts[:12])
    plural, options = len(texts) > 1, ",".join(column.option for column in texts)
    few = [column for column in texts if _is_category(column)]
    many = ",".join(column.option for column in texts if not _is_category(column))
    it = "them" if plural else "it"
    if not few:
        cure = f"--ignore {options} leaves {it} out"
    elif many:
        cure = f"--encode --ignore {many} makes columns of 0 and 1, but of what differs from line to line"
    else:
        cure = f"--encode makes columns of 0 and 1 of {it}, --ignore {options} leaves {it} out"
    raise InputError(f"{path}: text in {'columns' if plural else 'column'} {shown}; expected numbers ({cure})")


def _is_category(column: Column) -> bool:
    """Whether its texts are a few that recur; from others, such as names and dates, nothing can be learnt."""
    return column.distinct <= min(MAX_CATEGORIES, max(ENOUGH, len(column.cells) // 2))


def _categories(path: Path, column: Column) -> list[str]:
    categories = sorted({cell for cell in column.cells if not is_missing(cell)})
    if len(categories) > MAX_CATEGORIES:
        raise InputError(
            f"{path}: column {column.title} holds {len(categories):,} different texts; expected at most "
            f"{MAX_CATEGORIES} to --encode (--ignore {column.option} leaves it out)"
        )
    return categories


def refuse_ids(path: Path, columns: Iterable[Column], named: bool) -> None:
    """Refuse columns that only tell the examples apart: in a file sorted by label they give the label away.

    `named` says whether the file has a header, so that a column without a name is one of row names.
    """
    for column in columns:
        reason = _id_reason(column, named)
        if reason:
            raise InputError(
                f"{path}: column {column.title} {reason}; expected features only: --ignore {column.option} leaves it "
                "out (--ignore none keeps every column)"
            )


def _id_reason(column: Column, named: bool) -> str | None:
    m = len(column.cells)
    differs = column.distinct >= 0.9 * m and (column.is_whole or column.is_text)
    if named and not column.name and column.number == 1:
        return "has no name and only numbers or names the lines"
    if differs and ID_NAME.fullmatch(column.name):
        return "is an id"
    if column.numbers_the_lines and m >= ENOUGH and column.numbers[0] in (0, 1):
        return "only numbers the lines"
    if not named and column.number == 1 and m >= 2 * ENOUGH and column.is_whole and column.distinct >= 0.9 * m:
        return f"looks like an id ({column.distinct:,} different whole numbers in {m:,} examples)"
    return None


def missing_rows(columns: Iterable[Column], m: int) -> NDArray[np.bool_]:
    """Which rows lack a value in one of the columns."""
    rows = np.zeros(m, dtype=np.bool_)
    for column in columns:
        rows |= column.missing
    return rows


def refuse_missing(path: Path, columns: Iterable[Column], lines: Sequence[int], cure: str) -> None:
    """Name all columns with missing values, and the lines. Raises InputError if there are any."""
    found = [column for column in columns if column.missing.any()]
    if not found:
        return
    total = sum(int(column.missing.sum()) for column in found)
    shown = "; ".join(_missing_lines(column, lines) for column in found[:20])
    more = f"; and {len(found) - 20:,} columns more" if len(found) > 20 else ""
    verb = "value is" if total == 1 else "values are"
    raise InputError(f"{path}: {total:,} {verb} missing: {shown}{more}; {cure}")


def _missing_lines(column: Column, lines: Sequence[int]) -> str:
    rows = np.flatnonzero(column.missing)
    shown = ", ".join(str(lines[row]) for row in rows[:8])
    more = f", ... ({len(rows):,} in all)" if len(rows) > 8 else ""
    return f"column {column.title}, {'line' if len(rows) == 1 else 'lines'} {shown}{more}"

"""`python -m tests.netcode.fuzz COUNT SEED`: malformed tables, archives, models and command lines for `netcode`'s main.

Each must end with status 0, or with status 2 and one line; nothing half written, no code executed, and within a limit
of memory. It prints the cases that don't, and exits with 1 if there are any. It works in the current folder.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import random
import resource
import sys
from pathlib import Path
from typing import Any

import numpy as np

from netcode.__main__ import main

MEMORY = 4 * 10**9  # bytes of address space, of which NumPy's threads reserve some
CELLS = ("1", "2.5", "-3", "0", "", "NA", "?", "nan", "inf", "1e999", "1,5", "a", "b", '"', "é", "\x1b[31m", "\0")
ENDS = ("\n", "\r\n", "\r", "\n\n")


class Bomb:
    """What creates a file where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("executed"),)


def table(rng: random.Random) -> bytes:
    """A table of random cells, now and then in another encoding."""
    width, separator = rng.randint(1, 5), rng.choice(",;\t| ")
    rows = [[rng.choice(CELLS) for _ in range(width + (rng.random() < 0.02))] for _ in range(rng.randint(0, 30))]
    text = rng.choice(ENDS).join(separator.join(row) for row in rows)
    return (rng.choice(["", "sep=;\n", "# c\n", "20,2\n"]) + text).encode(rng.choice(["utf-8", "utf-16", "utf-8-sig"]))


def archive(rng: random.Random) -> bytes:
    """An archive of arrays that fit each other or not."""
    arrays: list[Any] = [
        np.ones((4, 2)),
        np.arange(4) % 2,
        np.zeros((0, 2)),
        np.array(["a", "b"]),
        np.array([Bomb()]),
        np.eye(4),
    ]
    file = io.BytesIO()
    with contextlib.suppress(pickle.PicklingError):
        np.savez(file, **{name: rng.choice(arrays) for name in ("X", "y", "W1")})
    return file.getvalue()


def damaged(rng: random.Random, content: bytes) -> bytes:
    """The content with a few bytes changed, or cut off."""
    changed = bytearray(content)
    for _ in range(rng.choice([0, 1, 3, 20])):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed[: rng.choice([len(changed), rng.randint(0, len(changed))])])


def command(rng: random.Random) -> list[str]:
    """Arguments, most of which make sense."""
    words = ["predict", "--data case.csv", "--data case.npz", "--data", "--hidden 0", "--hidden -1", "--label 1"]
    words += ["--hidden " + "1" * 30, "--ignore a,b", "--missing mean", "--updates 2", "--updates", "\0", "\ud800"]
    words += ["--save new.npz", "--save no/new.npz", "--save .", "--resume", "--report", "--test-size 2", "--seed x"]
    chosen = rng.choices(words, k=rng.randint(0, 4))
    return ["train", "--updates", "1", *(part for word in chosen for part in word.split(" "))]


def case(rng: random.Random) -> list[str]:
    """The arguments of a case, whose files are written."""
    kind = rng.choice(["table", "table", "archive", "model", "command"])
    Path("case.csv").write_bytes(damaged(rng, table(rng)) if rng.random() < 0.3 else table(rng))
    Path("case.npz").write_bytes(damaged(rng, archive(rng)))
    options = rng.choice(["", "--missing drop", "--missing mean --encode", "--label 1", "--test-size 0.3"]).split()
    quick = ["train", "--updates", "2", "--hidden", "2", "--save", "new.npz"]
    if kind == "command":
        return command(rng)
    if kind == "model":
        Path("case.npz").write_bytes(damaged(rng, Path("model.npz").read_bytes()))
        return ["predict", "case.npz", rng.choice(["case.csv", "good.csv"])]
    return [*quick, "--data", "case.csv", *options] if kind == "table" else [*quick, "--data", "case.npz"]


def complaint(arguments: list[str]) -> str | None:
    """What is wrong with how a command ends, if anything."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        except BaseException as error:
            return f"{type(error).__name__}: {error}"
    said = [line for line in err.getvalue().splitlines() if "updates   loss" not in line and "no header" not in line]
    if status == 2 and len(said) != 1:
        return f"{len(said)} lines: {said[:3]}"
    if status not in (0, 2):
        return f"status {status}: {said[:3]}"
    if any(not character.isprintable() for line in [*said, *out.getvalue().splitlines()] for character in line):
        return "a control character"
    left = set(os.listdir()) - {"good.csv", "model.npz", "case.csv", "case.npz", *(["new.npz"] if status == 0 else [])}
    return f"left {sorted(left)}" if left else None


def fuzz(count: int, seed: int) -> int:
    """How many of `count` cases end as they must not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Path("good.csv").write_text("a,b,label\n" + "".join(f"{i}.5,{i % 3},{'xy'[i % 2]}\n" for i in range(12)))
    assert complaint(["train", "--data", "good.csv", "--updates", "3", "--save", "model.npz"]) is None
    wrong = 0
    for number in range(count):
        arguments = case(random.Random(f"{seed}.{number}"))
        if found := complaint(arguments):
            wrong += 1
            print(f"case {seed}.{number}, {arguments!r}: {found}")
        Path("new.npz").unlink(missing_ok=True)
    return wrong


if __name__ == "__main__":
    count, seed = map(int, sys.argv[1:])
    failures = fuzz(count, seed)
    print(f"{count} cases, {failures} wrong")
    sys.exit(1 if failures else 0)

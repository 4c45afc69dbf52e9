"""The command line: python -m tests.mutants [--number N] [--seed S] [--processes P] [MODULE ...].

It draws mutants of netcode's formulas and of the calculus' rules, tries the nearest tests on each, and lists the ones
that no test notices. The exit status is 1 if fewer than 95 % are noticed, or a test fails without any mutant.

Why a driver of our own: mutmut puts a trampoline in place of each function, and here tests read the source of the
functions, to compare it with formulas; cosmic-ray has one command for all mutants, not the tests next to each, draws no
sample, and mutates the project itself.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.mutants.harmless import why
from tests.mutants.mutations import Mutation, mutations
from tests.mutants.nearest import ROOT, modules
from tests.mutants.run import copy, noticed

NUMBER, LEAST = 400, 0.95


class Mutant(NamedTuple):
    """A module, by its path from the root, and what is changed in it."""

    module: str
    mutation: Mutation

    @property
    def change(self) -> str:
        """What stands there, and what takes its place."""
        source = (ROOT / self.module).read_text(encoding="utf-8")
        before = " ".join(source[self.mutation.start : self.mutation.stop].split())
        return f"{before}  ->  {' '.join(self.mutation.text.split())}"

    def __str__(self) -> str:
        return f"{self.module}:{self.mutation.line}: {self.change}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, try and print. Returns 0 if enough are noticed, else 1."""
    options = _parser().parse_args(arguments)
    chosen = drawn(options.number, options.seed, options.modules or list(modules()))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        alive = _survivors(chosen, Path(folder), options.processes)
    harmless = {mutant: reason for mutant in alive if (reason := why(mutant.module, mutant.change))}
    survivors = [mutant for mutant in alive if mutant not in harmless]
    counted = len(chosen) - len(harmless)
    killed = counted - len(survivors)
    print(f"\n{killed:,} of {counted:,} mutants are killed, {len(survivors):,} survive (seed {options.seed}).")
    for mutant in survivors:
        print(mutant)
    for mutant, reason in harmless.items():
        print(f"harmless: {mutant}: {reason}")
    return int(killed < LEAST * counted)


def drawn(number: int, seed: int, paths: Sequence[str]) -> list[Mutant]:
    """So many mutants of the modules, or all if there are fewer; the same for the same seed and sources."""
    every = [
        Mutant(path, mutation) for path in paths for mutation in mutations((ROOT / path).read_text(encoding="utf-8"))
    ]
    return sorted(Random(seed).sample(every, min(number, len(every))))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description="Do the tests notice mistakes?")
    parser.add_argument("modules", nargs="*", metavar="MODULE", type=_module, help="mutate these alone (default: all)")
    parser.add_argument("--number", type=int, default=NUMBER, metavar="N", help=f"mutants (default: {NUMBER})")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the draw (default: 0)")
    parser.add_argument("--processes", type=int, default=2, metavar="P", help="at a time (default: 2)")
    return parser


def _module(text: str) -> str:
    if text not in modules():
        raise argparse.ArgumentTypeError(f"{text!r} is not mutated; expected one of {', '.join(modules())}")
    return text


def _survivors(chosen: Sequence[Mutant], folder: Path, processes: int) -> list[Mutant]:
    """The mutants that no test notices. Raises RuntimeError if a test fails without a mutant."""
    copies = [folder / str(number) for number in range(processes)]
    for each in copies:
        copy(each)
    tests = modules()
    for module in {tests[mutant.module]: mutant.module for mutant in chosen}.values():
        if noticed(copies[0], module, None, tests[module]):
            raise RuntimeError(f"{' '.join(tests[module])}: a test fails without any mutant; expected none to")
    free, done = list(copies), 0
    counting = threading.Lock()

    def survives(mutant: Mutant) -> bool:
        nonlocal done
        with counting:
            mine = free.pop()
        try:
            found = noticed(mine, mutant.module, mutant.mutation, tests[mutant.module])
        finally:
            with counting:
                free.append(mine)
        with counting:
            done += 1
            print(f"{done:>4} of {len(chosen)}  {'killed  ' if found else 'SURVIVES'}  {mutant}", flush=True)
        return not found

    with ThreadPoolExecutor(processes) as threads:
        return [mutant for mutant, alive in zip(chosen, threads.map(survives, chosen), strict=True) if alive]


if __name__ == "__main__":
    sys.exit(main())

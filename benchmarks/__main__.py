"""The command line: python -m benchmarks [NAME ...] [--quick] [--json FILE]."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.environment import environment, use_one_thread

if TYPE_CHECKING:
    from rich.console import Console

    from benchmarks.result import Result

BENCHMARKS = {
    "training_step": "a training step next to PyTorch's, JAX's, scikit-learn's, and to its floor",
    "large_batch": "a full-batch step over 60,000 x 784: time and memory",
    "workers": "an update on one worker and on two, against a cost model",
    "gradient_checks": "the gradient in several ways: time and error",
    "symbolic": "the proof for all sizes against one entry by entry",
    "layers": "every operator of the book against PyTorch's autograd: largest error",
    "layer_speed": "the code of layers at sizes of 512, beside PyTorch op by op and fused",
    "claims": "checking every claim, cold",
    "accuracy": "the spiral over 20 seeds",
    "site": "building the site, and its pages on a phone",
    "live": "Python in the reader's browser: loading, running, stopping",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; the exit status is 0 whether or not targets are met, 2 if something can't be done."""
    options = _parser().parse_args(arguments)
    use_one_thread()
    from netcode.errors import InputError  # not before the threads are set: this imports NumPy
    from netcode.files import atomic_write, check_writable

    try:
        check_writable(options.json)
        report = _measure(options.names or list(BENCHMARKS), options.quick)
        with atomic_write(options.json) as file:
            file.write((json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode())
    except (InputError, OSError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("benchmarks: interrupted, nothing is written", file=sys.stderr)
        return 130
    print(f"\nWritten to {options.json}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure speed, memory and accuracy on one thread. Leave the machine alone for as long as it runs.",
        epilog="benchmarks: " + "; ".join(f"{name}: {what}" for name, what in BENCHMARKS.items()),
    )
    parser.add_argument("names", nargs="*", metavar="NAME", type=_name, help="a benchmark (default: all)")
    parser.add_argument("--quick", action="store_true", help="only see whether all of it runs; judges no target")
    parser.add_argument(
        "--json", type=Path, default=Path("benchmarks.json"), metavar="FILE", help="default: benchmarks.json"
    )
    return parser


def _name(text: str) -> str:
    if text not in BENCHMARKS:
        raise argparse.ArgumentTypeError(f"there is no benchmark {text!r}; expected one of {', '.join(BENCHMARKS)}")
    return text


def _measure(names: list[str], quick: bool) -> dict[str, object]:
    """Run the benchmarks one after another, each printed as soon as it is done; returns what goes to the file."""
    from rich.console import Console

    from benchmarks.tables import show

    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    report: dict[str, object] = {"environment": environment(), "quick": quick}
    results: list[Result] = []
    for name in names:
        with Console(stderr=True).status(f"Measuring: {BENCHMARKS[name]} ..."):
            results.append(import_module(f"benchmarks.{name}").run(quick))
        show(results[-1], console, judged=not quick)
    if not quick:
        _sum_up(results, console)
    return {**report, "benchmarks": [result.as_json(judged=not quick) for result in results]}


def _sum_up(results: list[Result], console: Console) -> None:
    targets = [target for result in results for target in result.targets]
    console.print(f"\n{sum(target.met for target in targets)} of {len(targets)} targets met.")


if __name__ == "__main__":
    sys.exit(main())

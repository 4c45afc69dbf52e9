"""The command line: `python -m netcode train | predict | check-gradient | diagnose`.

Exit status: 0 done, 1 a gradient is wrong, 2 something given can't be used (one line on stderr says what), 130 stopped
by Ctrl-C, 143 by SIGTERM, 129 by SIGHUP.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from pathlib import Path
from typing import NoReturn

from netcode.arguments import integer, nonnegative, part, positive
from netcode.command_line import starting
from netcode.command_line.commands import check_gradient, diagnose
from netcode.command_line.predict import predict
from netcode.command_line.terminal import printable
from netcode.command_line.train import train
from netcode.command_line.unheard import Unheard, heard_or_not
from netcode.data import NAMES
from netcode.diagnosis.reading.names import meanings
from netcode.errors import InputError, MissingExtraError
from netcode.training.gradient_descent import BATCH, LARGE

DATA = f"{', '.join(NAMES)}, or a CSV or NPZ file"
FILES = (
    "A CSV has an example a line. Its label is the column that --label says; without it, the one called label, class, "
    "target, species or the like, else the only column of text, else the first or last column of few whole numbers. If "
    "that isn't plain, nothing is assumed. An NPZ has the arrays X, examples as rows, and y, their labels."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. All errors that a user can mend end here, as one line."""
    with redirect_stderr(Unheard(sys.stderr or StringIO())):
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    status = 0
    try:
        parser = _parser()
        parsed = parser.parse_args(arguments)
        if "command" not in parsed:
            parser.error("expected a command: train, predict, check-gradient or diagnose")
        with heard_or_not():
            status = parsed.command(parsed)
    except KeyboardInterrupt:
        return _say("stopped by Ctrl-C", status=130)
    except (InputError, MissingExtraError) as error:
        return _say(str(error), status=2)
    except UnicodeEncodeError as error:
        return _say(f"can't print a label in {error.encoding}; expected an output in UTF-8 (PYTHONUTF8=1)", status=2)
    except OSError as error:
        return _say(f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}", status=2)
    except MemoryError:
        return _say("not enough memory; expected smaller sizes or less data", status=2)
    return status


def _say(message: str, status: int) -> int:
    print("netcode:", printable(" ".join(message.split("\n"))), file=sys.stderr)
    return status


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see `{self.prog} --help`)")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m netcode",
        description="A network of ReLU layers with a softmax on top: train it, use it, and check its gradient.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_train_options(
        commands.add_parser(
            "train",
            help="train a network, and save it or plot the run",
            description="Train a network by gradient descent. Ctrl-C stops early and keeps what is learned so far; "
            "--resume goes on.",
            epilog=FILES,
            allow_abbrev=False,
        )
    )
    _add_predict_options(
        commands.add_parser(
            "predict",
            help="print the label of each example of a file",
            description="Print the most probable label of each example, a line each. Where the file has labels too, "
            "the accuracy follows on stderr. Columns are found by their names, in any order, if both the file and the "
            "one that the model was trained on have names; else by their places.",
            allow_abbrev=False,
        )
    )
    _add_check_gradient_options(
        commands.add_parser(
            "check-gradient",
            help="compare the gradient with numeric ones",
            description="Compare the gradient at random weights with independent numeric ones. "
            "The exit status is 1 if it is wrong.",
            epilog=FILES,
            allow_abbrev=False,
        )
    )
    _add_diagnose_options(
        commands.add_parser(
            "diagnose",
            help="say which mistake makes your own gradient wrong",
            description="Say which mistake makes the gradients of your own backward pass wrong. It is a function, in a "
            "file of yours, of X, Y (or the labels y), W1, b1, W2, b2 and lam that returns dW1, db1, dW2, db2. "
            "The exit status is 1 if one of them is wrong.",
            epilog=FILES,
            allow_abbrev=False,
        )
    )
    return parser


def _add_train_options(command: argparse.ArgumentParser) -> None:
    _add_network_options(command)
    add = command.add_argument
    add(
        "--learning-rate",
        type=_number(float, positive),
        metavar="RATE",
        help="size of a step (default: 1 for the spiral, else 0.5)",
    )
    add("--updates", type=_integer(0), metavar="N", help="steps to take (default: 10000 for the spiral, else 2000)")
    add(
        "--batch-size",
        type=_integer(1),
        metavar="B",
        help=f"examples for each update (default: all, but {BATCH} of more than {LARGE})",
    )
    add("--test-size", type=_number(float, part), metavar="PART", help="hold out this part, as 0.25, and report on it")
    add("--report", action="store_true", help="print how often which label is taken for which")
    add("--save", type=_path, metavar="MODEL.npz", help="write the network to this file, and now and then on the way")
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="train on the workers of this Dask scheduler, as tcp://10.0.0.1:8786; --data is then a pattern of NPZ "
        "files that they can read, as 'part-*.npz'",
    )
    add("--resume", action="store_true", help="go on from the file of --save, if it is there, as if never stopped")
    add(
        "--checkpoint",
        type=_number(float, positive),
        default=60,
        metavar="SECONDS",
        help="time between two saves on the way (default: 60)",
    )
    add("--plot", type=_path, metavar="FILE.svg", help="draw the loss, and for two features the decision regions")
    command.set_defaults(command=train)


def _add_predict_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("model", type=_path, metavar="MODEL.npz", help="a file that `train --save` wrote")
    add("data", metavar="DATA", help=DATA)
    add("--report", action="store_true", help="print on stderr how often which label is taken for which")
    add("--proba", action="store_true", help="print each class's probability too, as CSV with a header")
    add(
        "--missing",
        choices=("error", "mean"),
        default="error",
        help="a missing value is an error, or becomes the training's mean (default: error)",
    )
    command.set_defaults(command=predict)


def _add_check_gradient_options(command: argparse.ArgumentParser) -> None:
    _add_network_options(command)
    command.add_argument(
        "--examples",
        type=_integer(1),
        default=300,
        metavar="M",
        help="at most so many, chosen at random (default: 300)",
    )
    command.set_defaults(command=check_gradient)


def _add_diagnose_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("file", type=_path, metavar="FILE.py", help="where it is; the file's definitions are executed (.py or .ipynb)")
    add("--function", metavar="NAME", help="its name, or CLASS.METHOD (default: the one most like a backward pass)")
    add(
        "--name",
        type=_meaning,
        action="append",
        default=[],
        metavar="THEIRS=OURS",
        help="what a name means that can't be guessed, as in h=A1",
    )
    add(
        "--site",
        default="",
        metavar="ADDRESS",
        help="what explains the mistakes, up to the name of one: .../mistakes/#",
    )
    add("--data", help=f"ask for gradients of these data too: {DATA}")
    layout = command.add_mutually_exclusive_group()
    layout.add_argument("--rows", action="store_true", default=None, help="examples are rows (default: find out)")
    layout.add_argument("--columns", action="store_false", dest="rows", help="examples are columns")
    add(
        "--timeout",
        type=_number(float, positive),
        default=60,
        metavar="SECONDS",
        help="time after which it is stopped (default: 60)",
    )
    command.set_defaults(command=diagnose)


def _add_network_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--data", default="spiral", help=f"{DATA} (default: spiral)")
    add("--label", metavar="COLUMN", help="the labels' column of a CSV, by name or by number from 1 (default: find it)")
    add(
        "--ignore",
        type=_names,
        default=(),
        metavar="COLUMN,...",
        help="columns to leave out, by name or number; none: keep also what looks like an id",
    )
    add(
        "--missing",
        choices=("error", "drop", "mean"),
        default="error",
        help="a missing value is an error, its example is dropped, or it becomes the mean (default: error)",
    )
    add("--encode", action="store_true", help="make of a column of text a column of 0 and 1 for each text in it")
    add(
        "--hidden",
        type=_layer_sizes,
        default=(25,),
        metavar="H[,H...]",
        help="hidden units of each hidden layer, as 64,32; none for a network without (default: 25)",
    )
    add(
        "--lam",
        type=_number(float, nonnegative),
        default=1e-3,
        metavar="LAMBDA",
        help="L2 regularization (default: 0.001)",
    )
    add("--seed", type=_integer(0), default=0, metavar="S", help="of the random weights and batches (default: 0)")
    add(
        "--standardize",
        action=argparse.BooleanOptionalAction,
        help="bring each feature to mean 0 and standard deviation 1 (default: for files only)",
    )


def _number(convert: Callable[[str], float], check: Callable[[str, object], float]) -> Callable[[str], float]:
    """How argparse reads a number: `check` says what was expected."""

    def number(text: str) -> float:
        try:
            value: object = convert(text)
        except ValueError:
            value = text
        try:
            return check("it", value)
        except InputError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return number


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _path(text: str) -> Path:
    if "\0" in text:
        raise argparse.ArgumentTypeError("a name with a NUL byte; expected the name of a file")
    return Path(text)


def _layer_sizes(text: str) -> tuple[int, ...]:
    """How argparse reads "25", "64,32" or "none"."""
    one = _integer(1)
    return () if text == "none" else tuple(int(one(size)) for size in text.split(","))


def _integer(least: int) -> Callable[[str], float]:
    return _number(int, partial(integer, least=least))


def _meaning(text: str) -> tuple[str, str]:
    """A pair of names. Raises ArgumentTypeError if it is none, or the second is not known."""
    theirs, equals, ours = text.partition("=")
    if not (theirs.isidentifier() and equals and meanings(ours)):
        raise argparse.ArgumentTypeError(f"it is {text!r}; expected two names, the second a known one, as in h=A1")
    return theirs, ours


if __name__ == "__main__":
    sys.exit(starting.run(main))

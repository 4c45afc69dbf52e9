"""`python -m derivations.book FOLDER`: the pages of the book, and 1 if a claim doesn't hold."""

from __future__ import annotations

import sys
from pathlib import Path

from derivations.book.binding import BindingError, bind

EXIT_NOT_AS_EXPECTED = 1
EXIT_USAGE = 2


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m derivations.book FOLDER", file=sys.stderr)
        return EXIT_USAGE
    try:
        bind(Path(arguments[0]), lambda name: print(name, file=sys.stderr))
    except BindingError as error:
        print(f"derivations.book: {error}", file=sys.stderr)
        return EXIT_NOT_AS_EXPECTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

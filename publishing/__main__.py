"""`python -m publishing new DIR`: a site of checked pages to begin with."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence
from pathlib import Path

from publishing.new import new

EXIT_BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit status: 0, or 2 with one line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description="Sites of pages that are checked.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    making = commands.add_parser(
        "new", help="make a site of your own to begin with: two chapters, and what builds them"
    )
    making.add_argument("folder", metavar="DIR", type=Path, help="where to: a folder that is new or empty")
    options = parser.parse_args(arguments)
    try:
        files = new(options.folder, importlib.metadata.version("checked-backprop"))
    except OSError as error:
        print(f"publishing: {error}", file=sys.stderr)
        return EXIT_BAD_INPUT
    print(f"{options.folder} has {len(files)} files. Next:\n  cd {options.folder}\n  make serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())

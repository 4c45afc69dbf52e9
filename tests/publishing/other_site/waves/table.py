"""`python -m waves.table FOLDER` makes a folder of pages: here one, its index."""

import json
import sys
from math import sin
from pathlib import Path

ROWS = "\n".join(f"| {x / 4:g} | {sin(x / 4):.4f} |" for x in range(5))
PAGE = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"title": "A table", "description": "Sines of five angles."},
    "cells": [
        {
            "cell_type": "markdown",
            "id": "all",
            "metadata": {},
            "source": f"# A table\n\n| $x$ | $\\sin x$ |\n|---|---|\n{ROWS}",
        }
    ],
}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.json").write_text(json.dumps({"page": PAGE, "claims": []}), encoding="utf-8")

"""`python -m waves.check --json FILE` writes what was found."""

import json
import sys
from pathlib import Path

from waves.identities import SINE

if __name__ == "__main__":
    Path(sys.argv[sys.argv.index("--json") + 1]).write_text(
        json.dumps({"format": 1, "claims": [SINE.claim()]}), encoding="utf-8"
    )

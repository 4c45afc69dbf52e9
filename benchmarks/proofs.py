"""`python -m benchmarks.proofs [NAME ...]` makes the symbolic proofs of these statements (all, if none are named).

It prints how many claims there are; the exit status is 1 if one is not as expected.
"""

from __future__ import annotations

import sys

from derivations.checking import check_all, find, statements


def main(*names: str) -> int:
    """Prove, refute, and count."""
    chosen = [statement for name in names for statement in find(name)] or statements().values()
    outcomes = check_all([claim for statement in chosen for claim in statement.claims()])
    print(len(outcomes))
    for outcome in outcomes:
        if not outcome.as_expected:
            print(outcome, file=sys.stderr)
    return 0 if all(outcome.as_expected for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

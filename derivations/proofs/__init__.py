"""From an equation to a verdict, and from verdicts to derivations, claims and their report.

- `equation`: what is to be decided, and how a counterexample is told
- `decision`: what was found of it
- `decide`: proven, refuted with a counterexample, or undecided
- `witnesses`: second ways, which share nothing with the proof but the expression
- `derivation`, `misconception`: what a chapter states
- `claims`, `verdicts`: one equation with an address, and what was decided of it
"""

from derivations.proofs.decide import decide
from derivations.proofs.decision import Decision
from derivations.proofs.equation import Equation

__all__ = ["Decision", "Equation", "decide"]

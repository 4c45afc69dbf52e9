"""The state of all claims: found in the chapters, checked, reported, and held against the training code."""

from derivations.checking.catalogue import UnknownNameError, all_claims, find, statements
from derivations.checking.report import check_all, current_report, report

__all__ = ["UnknownNameError", "all_claims", "check_all", "current_report", "find", "report", "statements"]

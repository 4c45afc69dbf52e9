"""What is wrong with somebody's gradient: it is compared with what each known mistake makes of the right one."""

from __future__ import annotations

from netcode.diagnosis.diagnosing import diagnose
from netcode.diagnosis.diagnosis import Cause, Diagnosis, Finding

__all__ = ["Cause", "Diagnosis", "Finding", "diagnose"]

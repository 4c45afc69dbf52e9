"""What is wrong with somebody's gradient: it is compared with what each known mistake makes of the right one."""

from __future__ import annotations

from netcode.diagnosis.architecture import Architecture
from netcode.diagnosis.diagnose import diagnose
from netcode.diagnosis.diagnosis import Cause, Diagnosis, Finding

__all__ = ["Architecture", "Cause", "Diagnosis", "Finding", "diagnose"]

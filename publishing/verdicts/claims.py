"""The claims come first: nothing is built on one that fails."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from publishing.errors import SiteError
from publishing.project import Project
from publishing.verdicts import provenance
from publishing.verdicts.report import claims_of

log = logging.getLogger("publishing")

EXPECTED = {"holds": ("proven", "cross-checked"), "fails": ("refuted",)}


def require_claims(project: Project, module: str, key: str) -> Path:
    """Check every claim, in a process of its own, unless the report kept under `key` says that all are as expected.

    `module` is what checks them, with its arguments: of `derivations check` this runs `python -m derivations check
    --json FILE`. If it is empty, there are none. Returns the report's path. Raises SiteError, which names each claim
    that is not as expected.
    """
    kept = project.root / ".cache" / "claims" / f"{key}.json"
    if kept.exists():
        log.info("Claims: unchanged since they were checked")
        return kept
    if not module:
        return _keep(kept, json.dumps({"format": 1, "claims": []}))
    log.info("Claims: checking all ...")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "claims.json"
        command = [sys.executable, "-m", *module.split(), "--json", str(report)]
        done = subprocess.run(
            command,
            cwd=project.root,
            env=project.environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if not report.exists():
            raise SiteError(f"The claims could not be checked:\n{done.stdout}{done.stderr}".rstrip())
        content = report.read_text(encoding="utf-8")
    claims = claims_of(content, module)
    if not claims:
        raise SiteError("The site is not built, because its claims were not found")
    if failed := [_sentence(claim) for claim in claims if claim["verdict"] not in EXPECTED[claim["expected"]]]:
        raise SiteError("\n".join(["The site is not built, because of these claims:", *failed]))
    if done.returncode != 0:
        raise SiteError(f"The check of the claims failed:\n{done.stdout}{done.stderr}".rstrip())
    project.require_unchanged(key)
    log.info("Claims: all %d are as expected", len(claims))
    return _keep(kept, content)


def _keep(file: Path, report: str) -> Path:
    """In the place of older ones."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in file.parent.glob("*.json"):
        old.unlink(missing_ok=True)
    file.write_text(report, encoding="utf-8")
    return file


def _sentence(claim: dict[str, Any]) -> str:
    expected = {"holds": "expected to hold", "fails": "expected to fail"}[claim["expected"]]
    counterexample = claim.get("counterexample")
    found = f" ({provenance.refutation(counterexample)})" if counterexample else ""
    return f"  {claim['id']}: {expected}, but {claim['verdict']}{found}; {claim['source']}"

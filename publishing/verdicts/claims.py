"""The claims come first: nothing is built on one that fails."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

from publishing import cache
from publishing.verdicts import provenance

log = logging.getLogger("mkdocs.plugins.publishing")

EXPECTED = {"holds": ("proven", "cross-checked"), "fails": ("refuted",)}


def require_claims(root: Path, key: str) -> Path:
    """Check every claim, in a process of its own, unless the report kept under `key` says that all are as expected.

    Returns the report's path. Raises PluginError, which names each claim that is not as expected.
    """
    kept = root / ".cache" / "claims" / f"{key}.json"
    if kept.exists():
        log.info("Claims: unchanged since they were checked")
        return kept
    log.info("Claims: checking all ...")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "claims.json"
        command = [sys.executable, "-m", "derivations", "check", "--json", str(report)]
        done = subprocess.run(
            command, cwd=root, env=cache.environment(root), capture_output=True, encoding="utf-8", check=False
        )
        if not report.exists():
            raise PluginError(f"The claims could not be checked:\n{done.stdout}{done.stderr}".rstrip())
        content = report.read_text(encoding="utf-8")
    claims = json.loads(content)["claims"]
    if not claims:
        raise PluginError("The site is not built, because its claims were not found")
    if failed := [_sentence(claim) for claim in claims if claim["verdict"] not in EXPECTED[claim["expected"]]]:
        raise PluginError("\n".join(["The site is not built, because of these claims:", *failed]))
    if done.returncode != 0:
        raise PluginError(f"The check of the claims failed:\n{done.stdout}{done.stderr}".rstrip())
    cache.require_unchanged(root, key)
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("*.json"):
        old.unlink(missing_ok=True)
    kept.write_text(content, encoding="utf-8")
    log.info("Claims: all %d are as expected", len(claims))
    return kept


def _sentence(claim: dict[str, Any]) -> str:
    expected = {"holds": "expected to hold", "fails": "expected to fail"}[claim["expected"]]
    counterexample = claim.get("counterexample")
    found = f" ({provenance.refutation(counterexample)})" if counterexample else ""
    return f"  {claim['id']}: {expected}, but {claim['verdict']}{found}; {claim['source']}"

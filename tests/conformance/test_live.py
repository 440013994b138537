"""The kit against an account that is no simulator's: told by a file, with no control API and nobody at a desk.

The account is the simulator's all the same, seen as a stranger sees it: by its address and credentials alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.deployment import load
from infra.registered import registered
from tests.conformance.conftest import Vendors
from tests.conformance.vendor import ROOT

pytestmark = pytest.mark.estate
PROMISES = "carries_our_reference or repeated_is_one or (whatever_becomes and lost) or revoked"


@pytest.mark.parametrize("account", ["netsuite", "kantata"])
def test_the_kit_runs_against_an_account_of_ones_own(vendors: Vendors, account: str, tmp_path: Path) -> None:
    vendor = vendors.of(account)
    file = tmp_path / "account.json"
    settings = load("sandbox").connectors[account]
    file.write_text(json.dumps({"base_url": vendor.base_url, "credentials": vendor.credentials, "settings": settings}))
    modules = ["tests/conformance/test_writing.py", "tests/conformance/test_credentials.py"]
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *modules]
    done = subprocess.run(
        [*asked, "-k", f"{account} and ({PROMISES})", "--junit-xml", str(tmp_path / "told.xml")],
        cwd=ROOT,
        env={**os.environ, registered()[account].live: str(file)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    told = (tmp_path / "told.xml").read_text()
    assert told.count("<testcase") >= 5 and "<skipped" not in told

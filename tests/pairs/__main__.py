"""`python -m tests.pairs PSA ERP`: the small month on this pair, for whoever looks for what went wrong."""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

from cli import demo_report
from tests.pairs import paper
from tests.pairs.played import played


def main(psa: str, erp: str) -> int:
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as directory,
        played(psa, erp, Path(directory), lambda text: print(f"{time.monotonic() - began:6.1f} s  {text}")) as seen,
    ):
        firm, report = seen
        due = paper.invoiced(firm)
    for row in report["contracts"]:
        print(f"{row['contract']:<32} {row['currency']} due {due[row['contract']]:>14} is {row['invoiced_in_erp']:>14}")
    for row in report["exceptions"]:
        print(f"{row['status']} {row['type']} {row['subject']}")
    print(report["left_open"], report["counts"], sep="\n")
    right = demo_report.came_out_right(report)
    print("the month came out right" if right else "THE MONTH DID NOT COME OUT RIGHT")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

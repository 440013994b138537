"""Every page of docs/ that is generated: `python -m tools.pages` writes them, `--check` fails if one is out of date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools import (
    cli_page,
    connectors_page,
    exceptions_page,
    fault_codes,
    openapi_page,
    rules_page,
    saga_page,
    table_page,
)


def generated() -> dict[Path, str]:
    return {
        cli_page.PAGE: cli_page.page(),
        connectors_page.PAGE: connectors_page.page(),
        exceptions_page.PAGE: exceptions_page.page(),
        fault_codes.PAGE: fault_codes.page(fault_codes.scan(), fault_codes.words()),
        rules_page.PAGE: rules_page.page(),
        openapi_page.PAGE: openapi_page.page(),
        saga_page.PAGE: saga_page.page(),
        table_page.PAGE: table_page.page(),
    }


def out_of_date() -> list[Path]:
    return [path for path, text in generated().items() if not path.exists() or path.read_text() != text]


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tools.pages")
    arguments.add_argument("--check", action="store_true", help="write nothing, fail if a page is out of date")
    check = arguments.parse_args().check
    wrong = fault_codes.problems(fault_codes.scan(), fault_codes.words())
    for path in (stale := out_of_date()):
        if not check:
            path.write_text(generated()[path])
        print(f"{'out of date' if check else 'wrote'}: docs/{path.name}")
    for each in wrong:
        print(each)
    return int(bool(wrong or (check and stale)))


if __name__ == "__main__":
    sys.exit(main())

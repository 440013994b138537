"""The European Central Bank's reference rates, from any of its files: what was published on which day.

Units of each currency for 1 EUR. Files: `eurofxref.csv` (one day, "13 April 2026"), `eurofxref-hist.csv` (ISO dates,
newest first, `N/A` where a currency had no rate), each plain or in its zip, and the XML forms (daily, 90 days, all).
Columns are found by their header: new currencies appear anywhere, dead ones stay. Source: docs/billing.md, "Currency".
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException, ElementTree

from shared.domain.exchange import Publication
from shared.faults import BusinessException

SOURCE = "ecb"
NO_RATE = "N/A"
LARGEST = 50_000_000
"""Bytes of an unpacked file; all of it since 1999 has under two million."""
_CODE = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_TIME = re.compile(r"""\btime\s*=\s*["']""")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def read_ecb(body: bytes) -> tuple[Publication, ...]:
    """In rising order of day. Which of the forms it is shows from its first bytes.

    Raises BusinessException("fx_file_unreadable") with the line (from 1) and the column's name where it is broken.
    """
    if body[:2] == b"PK":
        body = _unpacked(body)
    text = _text(body)
    days = list(_of_xml(text) if text.lstrip().startswith("<") else _of_csv(text))
    if not days:
        raise _broken(1, "", "no day with rates")
    seen: set[date] = set()
    for day in days:
        if day.on in seen:
            raise _broken(0, "Date", f"{day.on} is there twice")
        seen.add(day.on)
    return tuple(sorted(days, key=lambda day: day.on))


def _unpacked(body: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = [entry for entry in packed.infolist() if entry.filename.lower().endswith((".csv", ".xml"))]
            if len(names) != 1:
                raise _broken(0, "", f"the zip holds {len(names)} csv or xml files instead of one")
            if names[0].file_size > LARGEST:
                raise _broken(0, "", "the file in the zip is too large")
            return packed.read(names[0])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as exc:
        raise _broken(0, "", "the zip is damaged") from exc


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise _broken(body[: exc.start].count(b"\n") + 1, "", "is not UTF-8") from exc


def _of_csv(text: str) -> Iterator[Publication]:
    """Fields by comma, with or without a space after it, and a comma at the end of the line."""
    rows = csv.reader(io.StringIO(text), skipinitialspace=True)
    header = [name.strip() for name in next(rows, [])]
    _check_header(header)
    for row in rows:
        if any(field.strip() for field in row):
            yield _csv_day(header, [field.strip() for field in row], rows.line_num)


def _check_header(header: list[str]) -> None:
    if not header or header[0] != "Date":
        raise _broken(1, header[0] if header else "", "the first column is not Date")
    named = [name for name in header[1:] if name]
    for name in named:
        if not _CODE.fullmatch(name):
            raise _broken(1, name, "is no currency code")
        if named.count(name) > 1:
            raise _broken(1, name, "is there twice")


def _csv_day(header: list[str], row: list[str], line: int) -> Publication:
    width = len(header) - (header[-1] == "")
    fields = row[:-1] if len(row) == width + 1 and row[-1] == "" else row
    if len(fields) != width:
        raise _broken(line, "", f"has {len(fields)} fields, the header {width}")
    quoted = {
        name: _rate(value, line, name)
        for name, value in zip(header[1:width], fields[1:], strict=True)
        if name and value != NO_RATE
    }
    return Publication(SOURCE, _day(fields[0], line, "Date"), quoted)


def _of_xml(text: str) -> Iterator[Publication]:
    """Cube elements in each other: `time` on the day's, `currency` and `rate` on those in it."""
    try:
        root = ElementTree.fromstring(text.encode())
    except ElementTree.ParseError as exc:
        raise _broken(exc.position[0], str(exc.position[1]), "is no XML") from exc
    except DefusedXmlException as exc:
        raise _broken(1, "", "declares entities or a document type") from exc
    lines = [text.count("\n", 0, match.start()) + 1 for match in _TIME.finditer(text)]
    days = [each for each in root.iter() if each.get("time") is not None]
    for line, cube in zip(lines, days, strict=False):
        yield Publication(SOURCE, _day(cube.get("time") or "", line, "time"), _leaves(cube, line))


def _leaves(cube: Element, line: int) -> dict[str, Decimal]:
    """line: of the day; the leaves follow it."""
    quoted: dict[str, Decimal] = {}
    for leaf in cube:
        name, value = leaf.get("currency") or "", leaf.get("rate") or ""
        if not _CODE.fullmatch(name):
            raise _broken(line, "currency", f"{name!r} is no currency code")
        if name in quoted:
            raise _broken(line, name, "is there twice")
        if value != NO_RATE:
            quoted[name] = _rate(value, line, name)
    return quoted


def _rate(value: str, line: int, column: str) -> Decimal:
    if not _RATE.fullmatch(value) or not Decimal(value):
        raise _broken(line, column, f"{value!r} is no rate")
    return Decimal(value)


def _day(value: str, line: int, column: str) -> date:
    """2026-04-13, or 13 April 2026 in English whatever the machine's language is."""
    try:
        if match := re.fullmatch(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})", value):
            return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
        return date.fromisoformat(value)
    except ValueError:
        raise _broken(line, column, f"{value!r} is no day") from None


def _broken(line: int, column: str, words: str) -> BusinessException:
    """line 0: the place is in `column` alone."""
    return BusinessException("fx_file_unreadable", line=str(line) if line else "", column=column, words=words)

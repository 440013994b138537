from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from shared.faults import BusinessException
from shared.usecases.read_ecb import read_ecb

DAILY = "Date, USD, JPY, GBP, \n13 April 2026, 1.1684, 186.10, 0.87058, \n"
HIST = (
    "Date,USD,JPY,RUB,GBP,\n2022-03-02,1.1106,128.39,N/A,0.83275,\n"
    "2022-03-01,1.1162,128.3,117.201,0.83255,\n2022-02-28,1.1199,129.3,115.4842,0.8355,\n"
)
DAILY_XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<Cube>
<Cube time='2026-04-13'>
<Cube currency='USD' rate='1.1684'/>
<Cube currency='JPY' rate='186.10'/>
</Cube>
</Cube>
</gesmes:Envelope>
"""
TWO_DAYS_XML = DAILY_XML.replace(
    "<Cube time=", '<Cube time="2026-04-14"><Cube currency="USD" rate="1.17"/></Cube>\n<Cube time=', 1
)


def packed(name: str, text: str, *more: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for each in (name, *more):
            archive.writestr(each, text)
    return body.getvalue()


def test_the_daily_file_is_one_day_with_its_digits() -> None:
    (day,) = read_ecb(DAILY.encode())
    assert (day.on, day.source) == (date(2026, 4, 13), "ecb")
    assert {name: str(rate) for name, rate in day.per_euro.items()} == {
        "USD": "1.1684",
        "JPY": "186.10",
        "GBP": "0.87058",
    }


def test_the_history_comes_in_rising_order_and_without_what_had_no_rate() -> None:
    days = read_ecb(HIST.encode())
    assert [day.on.isoformat() for day in days] == ["2022-02-28", "2022-03-01", "2022-03-02"]
    assert days[1].per_euro["RUB"] == Decimal("117.201")
    assert set(days[2].per_euro) == {"USD", "JPY", "GBP"}


def test_columns_are_found_by_their_header() -> None:
    moved = "Date,AAA,GBP,USD,\n2026-04-13,N/A,0.87058,1.1684,\n"
    (day,) = read_ecb(moved.encode())
    assert day.per_euro == {"GBP": Decimal("0.87058"), "USD": Decimal("1.1684")}


@pytest.mark.parametrize("body", [DAILY.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + DAILY.encode()])
def test_line_ends_and_a_byte_order_mark_change_nothing(body: bytes) -> None:
    assert read_ecb(body) == read_ecb(DAILY.encode())


def test_a_zip_is_read_as_the_file_in_it() -> None:
    assert read_ecb(packed("eurofxref-hist.csv", HIST)) == read_ecb(HIST.encode())
    assert read_ecb(packed("eurofxref-daily.xml", DAILY_XML)) == read_ecb(DAILY_XML.encode())


def test_xml_says_the_same_as_csv() -> None:
    (day,) = read_ecb(DAILY_XML.encode())
    assert day.on == date(2026, 4, 13)
    assert {name: str(rate) for name, rate in day.per_euro.items()} == {"USD": "1.1684", "JPY": "186.10"}
    assert [each.on.day for each in read_ecb(TWO_DAYS_XML.encode())] == [13, 14]


BROKEN = [
    ("", "1", "", "the first column"),
    ("Day,USD,\n2026-04-13,1,\n", "1", "Day", "first column is not Date"),
    ("Date,USD,usd,\n2026-04-13,1,1,\n", "1", "usd", "is no currency code"),
    ("Date,USD,USD,\n2026-04-13,1,1,\n", "1", "USD", "is there twice"),
    ("Date,USD,JPY,\n2026-04-13,1.1,\n", "2", "JPY", "'' is no rate"),
    ("Date,USD,JPY,\n2026-04-13,1.1\n", "2", "", "has 2 fields, the header 3"),
    ("Date,USD,JPY,\n2026-04-13,1.1,186.1,3,\n", "2", "", "has 5 fields, the header 3"),
    ("Date,USD,\n2026-04-13,1.1,\n2026-13-01,1.1,\n", "3", "Date", "'2026-13-01' is no day"),
    ("Date,USD,\n13 Avril 2026,1.1,\n", "2", "Date", "'13 Avril 2026' is no day"),
    ("Date,USD,\n2026-04-13,1.1,\n\n2026-04-12,1;1,\n", "4", "USD", "'1;1' is no rate"),
    ("Date,USD,\n2026-04-13,-1.1,\n", "2", "USD", "'-1.1' is no rate"),
    ("Date,USD,\n2026-04-13,0.0000,\n", "2", "USD", "'0.0000' is no rate"),
    ("Date,USD,\n2026-04-13,NaN,\n", "2", "USD", "'NaN' is no rate"),
    ("Date,USD,\n2026-04-13,1e3,\n", "2", "USD", "'1e3' is no rate"),
    ("Date,USD,\n2026-04-13,1.1,\n2026-04-13,1.1,\n", "", "Date", "2026-04-13 is there twice"),
    ("Date,USD,\n", "1", "", "no day with rates"),
    (DAILY_XML.replace("186.10", "18x"), "5", "JPY", "'18x' is no rate"),
    (DAILY_XML.replace("'JPY'", "'Yen'"), "5", "currency", "'Yen' is no currency code"),
    (DAILY_XML.replace("'JPY'", "'USD'"), "5", "USD", "is there twice"),
    (DAILY_XML.replace("2026-04-13", "today"), "5", "time", "'today' is no day"),
    (DAILY_XML.replace("</Cube>\n</gesmes", "</gesmes"), "9", "", "is no XML"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), BROKEN)
def test_a_broken_file_is_refused_with_its_place(text: str, line: str, column: str, words: str) -> None:
    with pytest.raises(BusinessException, match="fx_file_unreadable") as refusal:
        read_ecb(text.encode())
    assert words in refusal.value.facts["words"]
    assert refusal.value.facts["line"] == line
    if words != "is no XML":
        assert refusal.value.facts["column"] == column


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"PK\x03\x04 no zip", "damaged"),
        (packed("readme.txt", "x"), "0 csv or xml files"),
        (packed("a.csv", HIST, "b.csv"), "2 csv or xml files"),
        (b"Date,USD,\n2026-04-13,\xff,\n", "not UTF-8"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
    ],
)
def test_a_file_that_is_none_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(BusinessException, match="fx_file_unreadable") as refusal:
        read_ecb(body)
    assert words in refusal.value.facts["words"]

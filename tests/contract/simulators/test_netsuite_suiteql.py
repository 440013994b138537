"""SuiteQL: what it answers, its strings, paging, dates, joins, and how it complains."""

from __future__ import annotations

import pytest

from tests.contract.simulators.netsuite_account import Account, detail

pytest_plugins = ["tests.contract.simulators.netsuite_fixtures"]
pytestmark = pytest.mark.estate
STAMP = 'YYYY-MM-DD"T"HH24:MI:SS'


@pytest.fixture
def three(netsuite: Account) -> Account:
    netsuite.customer(terms={"id": "3"})
    netsuite.write("PUT", "job/eid:J-1", {"companyName": "Project one", "parent": {"externalId": "CUST-1"}})
    for number in (1, 2, 3):
        job = {"job": {"externalId": "J-1"}} if number == 2 else {}
        netsuite.invoice(f"I-{number}", {"quantity": number, "rate": 10.1}, tranDate=f"2026-10-0{number}", **job)
    return netsuite


def test_prefer_transient_is_needed(netsuite: Account) -> None:
    answer = netsuite.call("POST", "/query/v1/suiteql", {"q": "SELECT id FROM item"})
    assert (answer.status_code, detail(answer)["o:errorHeader"]) == (400, "Prefer")


def test_every_value_is_a_string_and_null_columns_are_left_out(three: Account) -> None:
    query = "SELECT ID, TranID, foreignTotal, memo, posting, trandate FROM Transaction ORDER BY id"
    row = three.rows(query)[0]
    assert set(row) == {"id", "tranid", "foreigntotal", "posting", "trandate"}
    assert (row["foreigntotal"], row["posting"], row["trandate"]) == ("10.1", "T", "10/1/2026")
    assert all(isinstance(value, str) for value in row.values())


def test_an_answer_has_the_collection_shape_with_empty_links(three: Account) -> None:
    body = three.sql("SELECT id FROM transaction ORDER BY id", limit=2).json()
    assert (body["count"], body["hasMore"], body["offset"], body["totalResults"]) == (2, True, 0, 3)
    assert all(item["links"] == [] for item in body["items"])
    assert three.sql("SELECT id FROM transaction ORDER BY id", limit=2, offset=2).json()["hasMore"] is False


def test_pages_are_at_most_1000_and_offsets_multiples_of_the_limit(netsuite: Account) -> None:
    assert netsuite.sql("SELECT id FROM item", limit=1001).status_code == 400
    wrong = netsuite.sql("SELECT id FROM item", limit=2, offset=3)
    assert (wrong.status_code, detail(wrong)["o:errorQueryParam"]) == (400, "offset")


def test_keyset_paging_walks_all_rows_once(three: Account) -> None:
    seen, last = [], "0"
    while rows := three.rows("SELECT id FROM transaction WHERE id > ? ORDER BY id", last, limit=2):
        seen += [row["id"] for row in rows]
        last = seen[-1]
    assert len(seen) == len(set(seen)) == 3


def test_parameters_fill_question_marks_and_are_counted(three: Account) -> None:
    query = "SELECT tranid FROM transaction WHERE type = ? AND foreigntotal > ? ORDER BY 1"
    assert [r["tranid"] for r in three.rows(query, "CustInvc", 15)] == ["INV1002", "INV1003"]
    assert three.sql(query, "CustInvc").status_code == 400


def test_status_has_the_type_in_front_and_df_gives_words(three: Account) -> None:
    three.sim("POST", "payments", {"external_id": "I-1"})
    query = "SELECT status, BUILTIN.DF(status) AS words, BUILTIN.DF(entity) AS who, BUILTIN.DF(currency) AS money "
    rows = three.rows(query + "FROM transaction WHERE status = 'CustInvc:B'")
    assert rows == [
        {"status": "CustInvc:B", "words": "Invoice : Paid In Full", "who": rows[0]["who"], "money": "US Dollar"}
    ]
    assert rows[0]["who"].endswith("Company CUST-1")


def test_wrapped_instants_read_and_compare(three: Account) -> None:
    query = f"SELECT id, TO_CHAR(lastmodifieddate, '{STAMP}') AS at FROM transaction ORDER BY lastmodifieddate, id"
    rows = three.rows(query)
    assert len(rows[0]["at"]) == len("2026-01-31T16:21:00")
    later = "SELECT id FROM transaction WHERE lastmodifieddate >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS')"
    assert len(three.rows(later, rows[0]["at"].replace("T", " "))) == 3
    assert three.rows(later, "2099-01-01 00:00:00") == []
    same = "SELECT id FROM transaction WHERE TO_CHAR(lastmodifieddate, 'YYYY') >= '2020' AND id = ?"
    assert len(three.rows(same, rows[0]["id"])) == 1


def test_dates_compare_in_account_format_and_by_to_date(three: Account) -> None:
    for literal in ("'10/2/2026'", "TO_DATE('2026-10-02', 'YYYY-MM-DD')", "'2026-10-02'"):
        assert three.rows(f"SELECT tranid FROM transaction WHERE trandate = {literal}") == [{"tranid": "INV1002"}]
    between = "SELECT COUNT(*) AS n FROM transaction WHERE trandate BETWEEN '10/1/2026' AND TO_DATE('02.10.2026', 'DD.MM.YYYY')"
    assert three.rows(between) == [{"n": "2"}]
    three.sim("POST", "settings", {"suiteql_iso_dates": False})
    assert three.sql("SELECT tranid FROM transaction WHERE trandate = '2026-10-02'").status_code == 400


def test_the_session_time_zone_moves_instants_only(three: Account) -> None:
    query = f"SELECT TO_CHAR(createddate, '{STAMP}') AS at, trandate FROM transaction WHERE externalid = 'I-1'"
    before = three.rows(query)[0]
    three.sim("POST", "settings", {"suiteql_time_zone": "America/Los_Angeles"})
    after = three.rows(query)[0]
    assert after["at"] < before["at"] and after["trandate"] == before["trandate"]


def test_joins_aggregates_and_grouping_work_together(three: Account) -> None:
    query = """
        SELECT c.companyname AS name, COUNT(DISTINCT t.id) AS invoices, SUM(-l.foreignamount) AS net, MAX(t.trandate) last
        FROM transaction t
        INNER JOIN transactionline l ON l.transaction = t.id AND l.mainline = 'F'
        LEFT JOIN customer c ON c.id = t.entity
        WHERE t.type IN ('CustInvc', 'CustCred') AND NOT (t.voided = 'T')
        GROUP BY c.companyname HAVING COUNT(*) > 1 ORDER BY net DESC NULLS LAST
    """
    assert three.rows(query) == [{"name": "Company CUST-1", "invoices": "3", "net": "60.6", "last": "10/3/2026"}]


def test_lines_have_the_other_sign_and_a_main_line_the_total(three: Account) -> None:
    query = "SELECT mainline, quantity, foreignamount FROM transactionline WHERE transaction = ? ORDER BY linesequencenumber"
    invoice = three.rows("SELECT id FROM transaction WHERE externalid = 'I-2'")[0]["id"]
    assert three.rows(query, invoice) == [
        {"mainline": "T", "foreignamount": "20.2"},
        {"mainline": "F", "quantity": "-2", "foreignamount": "-20.2"},
    ]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("SELECT CASE WHEN rate > 10 THEN 'high' ELSE 'low' END AS r FROM salestaxitem WHERE itemid = 'S-DE'", "high"),
        ("SELECT NVL(memo, 'none') AS r FROM transaction WHERE externalid = 'I-1'", "none"),
        ("SELECT UPPER(symbol) || '/' || id AS r FROM currency WHERE symbol LIKE 'E%'", "EUR/2"),
        (
            "SELECT COUNT(*) AS r FROM transaction WHERE entity IN (SELECT id FROM customer WHERE externalid = 'CUST-1')",
            "3",
        ),
        ("SELECT COUNT(*) AS r FROM customer c WHERE EXISTS (SELECT 1 FROM transaction t WHERE t.entity = c.id)", "1"),
        ("SELECT r FROM (SELECT tranid AS r FROM transaction ORDER BY id DESC) WHERE ROWNUM <= 1", "INV1003"),
        ("SELECT tranid AS r FROM transaction ORDER BY id DESC FETCH FIRST 1 ROWS ONLY", "INV1003"),
        ("SELECT ROUND(foreigntotal / 3, 2) AS r FROM transaction WHERE externalid = 'I-2'", "6.73"),
        ("SELECT ABS(-0.1) + 0.2 AS r FROM subsidiary WHERE name = 'US'", "0.3"),
        ("SELECT isbasecurrency AS r FROM currency WHERE symbol = 'USD'", "T"),
        (
            "SELECT id r FROM job WHERE companyname IS NOT NULL AND parent IS NOT NULL AND externalid = 'J-1' AND id <> 0",
            None,
        ),
        (
            "SELECT TO_CHAR(TO_DATE('2026-01-31','YYYY-MM-DD') + 1, 'DD Mon YYYY') AS r FROM subsidiary WHERE id = 1",
            "01 Feb 2026",
        ),
        ("SELECT COUNT(*) AS r FROM transaction WHERE lastmodifieddate > SYSDATE - 1", "3"),
    ],
)
def test_expressions_give_what_oracle_would(three: Account, query: str, answer: str | None) -> None:
    rows = three.rows(query)
    assert len(rows) == 1 and rows[0]["r"] == (answer or rows[0]["r"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT colour FROM transaction", "Field 'colour' for record 'transaction' was not found"),
        ("SELECT id FROM invoices", "Record 'invoices' was not found"),
        ("SELECT t.id FROM transaction x", "Unknown identifier 't'"),
        ("SELECT id FROM transaction t JOIN customer c ON c.id = t.entity", "ambiguous"),
        ("SELECT FROM transaction", "Invalid or unsupported search"),
        ("SELECT id FROM transaction WHERE trandate = 'yesterday'", "Invalid date value"),
        ("SELECT SHOUT(id) FROM transaction", "Unknown function"),
        ("DELETE FROM transaction", "SELECT expected"),
        ("SELECT id FROM transaction; DROP TABLE transaction", "Invalid or unsupported search"),
    ],
)
def test_what_it_cannot_do_is_a_400_in_the_vendors_words(netsuite: Account, query: str, words: str) -> None:
    answer = netsuite.sql(query)
    assert (answer.status_code, detail(answer)["o:errorCode"]) == (400, "INVALID_PARAMETER")
    assert words in detail(answer)["detail"]


def test_star_gives_every_column_in_lower_case(netsuite: Account) -> None:
    row = netsuite.rows("SELECT * FROM subsidiary WHERE name = 'DE'")[0]
    assert (row["id"], row["country"], row["currency"], row["isinactive"]) == ("2", "DE", "2", "F")


def test_deletions_show_in_the_deleted_record_table(three: Account) -> None:
    invoice = three.rows("SELECT id FROM transaction WHERE externalid = 'I-3'")[0]["id"]
    three.record("DELETE", f"invoice/{invoice}")
    assert three.rows("SELECT recordid, type FROM deletedrecord") == [{"recordid": invoice, "type": "invoice"}]
    assert three.rows("SELECT id FROM transaction WHERE id = ?", invoice) == []


def test_links_between_documents_show_who_paid_what(three: Account) -> None:
    three.sim("POST", "payments", {"external_id": "I-1", "amount": "4"})
    query = "SELECT k.foreignamount AS amount FROM nexttransactionlink k JOIN transaction t ON t.id = k.previousdoc "
    assert three.rows(query + "WHERE t.externalid = 'I-1' AND k.linktype = 'Payment'") == [{"amount": "4"}]

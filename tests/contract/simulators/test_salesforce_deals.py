"""What the platform does by itself: stages, lines and amounts, price books, contracts."""

from __future__ import annotations

from decimal import Decimal

from tests.contract.simulators.salesforce_org import Org

pytest_plugins = ["tests.contract.simulators.salesforce_fixtures"]


def entry(org: Org, *, price: str = "100", currency: str = "EUR") -> str:
    product = org.create("Product2", Name="Consulting", IsActive=True, Family="Services")
    book = org.rows("SELECT Id FROM Pricebook2 WHERE IsStandard = true")[0]["Id"]
    return org.create(
        "PricebookEntry", Pricebook2Id=book, Product2Id=product, UnitPrice=float(price), IsActive=True,
        CurrencyIsoCode=currency,
    )  # fmt: skip


def test_a_seller_closes_a_deal_by_its_stage(org: Org) -> None:
    deal = org.deal(Amount=1000)
    row = org.get("Opportunity", deal)
    assert (row["IsClosed"], row["IsWon"], row["Probability"]) == (False, False, Decimal(10))
    org.change("Opportunity", deal, StageName="Closed Won")
    row = org.get("Opportunity", deal)
    assert (row["IsClosed"], row["IsWon"], row["Probability"]) == (True, True, Decimal(100))
    org.change("Opportunity", deal, StageName="Closed Lost")
    assert org.get("Opportunity", deal)["IsWon"] is False


def test_an_org_can_have_stages_of_its_own(org: Org) -> None:
    org.sim("POST", "stages", {"name": "Signed", "probability": 100, "closed": True, "won": True, "category": "Closed"})
    deal = org.deal(StageName="Signed")
    assert org.get("Opportunity", deal)["IsWon"] is True
    assert org.rows("SELECT DefaultProbability FROM OpportunityStage WHERE ApiName = 'Signed'")


def test_the_amount_follows_the_lines(org: Org) -> None:
    deal, price = org.deal(Amount=5, CurrencyIsoCode="EUR"), entry(org)
    first = org.create("OpportunityLineItem", OpportunityId=deal, PricebookEntryId=price, Quantity=10, UnitPrice=120.5)
    org.create("OpportunityLineItem", OpportunityId=deal, PricebookEntryId=price, Quantity=2, TotalPrice=50)
    assert org.get("Opportunity", deal)["Amount"] == Decimal("1255.00")
    org.change("Opportunity", deal, Amount=1, NextStep="call")
    row = org.get("Opportunity", deal)
    assert (row["Amount"], row["NextStep"], row["HasOpportunityLineItem"]) == (Decimal("1255.00"), "call", True)
    org.change("OpportunityLineItem", first, Quantity=1, Discount=10)
    assert org.get("Opportunity", deal)["Amount"] == Decimal("158.45")
    org.ok("DELETE", f"sobjects/OpportunityLineItem/{first}")
    assert org.get("Opportunity", deal)["Amount"] == Decimal("50.00")


def test_a_line_takes_its_product_from_the_price_book(org: Org) -> None:
    deal, price = org.deal(CurrencyIsoCode="EUR"), entry(org)
    line = org.create("OpportunityLineItem", OpportunityId=deal, PricebookEntryId=price, Quantity=1, UnitPrice=90)
    row = org.rows(f"SELECT Product2.Family, ListPrice, Name FROM OpportunityLineItem WHERE Id = '{line}'")[0]
    assert row["Product2"]["Family"] == "Services" and row["ListPrice"] == Decimal("100.00")
    body = {"OpportunityId": deal, "PricebookEntryId": price, "Quantity": 1}
    assert org.refused("POST", "sobjects/OpportunityLineItem", json=body)[1]["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_a_line_in_another_currency_is_refused(org: Org) -> None:
    body = {"OpportunityId": org.deal(CurrencyIsoCode="USD"), "PricebookEntryId": entry(org), "Quantity": 1,
            "UnitPrice": 1}  # fmt: skip
    assert org.refused("POST", "sobjects/OpportunityLineItem", json=body)[1]["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_a_custom_price_needs_a_standard_one(org: Org) -> None:
    product, book = org.create("Product2", Name="P"), org.create("Pricebook2", Name="Partners", IsActive=True)
    body = {"Pricebook2Id": book, "Product2Id": product, "UnitPrice": 5}
    assert org.refused("POST", "sobjects/PricebookEntry", json=body)[1]["errorCode"] == "STANDARD_PRICE_NOT_DEFINED"


def test_a_contract_starts_as_a_draft_and_is_activated(org: Org) -> None:
    account = org.create("Account", Name="A")
    body = {"AccountId": account, "Status": "Activated"}
    assert org.refused("POST", "sobjects/Contract", json=body)[1]["errorCode"] == "FAILED_ACTIVATION"
    contract = org.create("Contract", AccountId=account, StartDate="2026-01-31", ContractTerm=1)
    row = org.get("Contract", contract)
    assert (row["Status"], row["EndDate"], row["ActivatedDate"]) == ("Draft", "2026-02-27", None)
    assert row["ContractNumber"].isdigit()
    org.change("Contract", contract, Status="Activated")
    row = org.get("Contract", contract)
    assert row["StatusCode"] == "Activated" and row["ActivatedDate"] and row["ActivatedById"].startswith("005")


def test_a_quote_totals_its_lines(org: Org) -> None:
    deal, price = org.deal(CurrencyIsoCode="EUR"), entry(org)
    quote = org.create("Quote", Name="Q", OpportunityId=deal, Tax=19)
    org.create("QuoteLineItem", QuoteId=quote, PricebookEntryId=price, Quantity=3, UnitPrice=100)
    row = org.get("Quote", quote)
    assert (row["TotalPrice"], row["GrandTotal"]) == (Decimal("300.00"), Decimal("319.00"))

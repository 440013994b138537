"""The terms of a product line, as JSON in one field of it. What cannot be read or does not fit together names its place.

Source: docs/connectors/salesforce.md, "Terms".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from pydantic import BaseModel, Field, ValidationError

from events.terms import KIND_OF_SERVICE, Terms
from functions.connectors.salesforce.settings import SalesforceSettings
from shared.domain.contract import LineKind
from shared.faults import BusinessException
from shared.runtime.terms import terms_of
from shared.usecases.check_terms import check_terms

Row = Mapping[str, Any]


class ToldTerms(Terms):
    """service: what the product sells, for tax; it goes before the product family's."""

    service: str = Field(default="", pattern=KIND_OF_SERVICE)


def line_terms(items: Sequence[Row], kind: str, row: Row, settings: SalesforceSettings) -> ToldTerms | None:
    """Of the items that make one line: told on one of them, or the same on several.

    Raises BusinessException("contract_mismatch") with the line, the place in the JSON and what is wrong there.
    """
    told = {str(item[settings.deal.line_terms]): item for item in items if item.get(settings.deal.line_terms)}
    if not told:
        return None
    if len(told) > 1:
        _refuse(row, next(iter(told.values())), "two products of one line have different terms")
    ((text, item),) = told.items()
    data = _json(text, row, item)
    try:
        terms = ToldTerms.model_validate(data)
    except ValidationError as exc:
        _refuse(row, item, _first(exc))
    currency = str(row.get("CurrencyIsoCode") or settings.default_currency)
    faults = [*unknown(data, terms), *map(str, check_terms(terms_of(terms), LineKind(kind), currency))]
    if faults:
        _refuse(row, item, "; ".join(faults))
    return terms


def service_of(items: Sequence[Row], told: ToldTerms | None, row: Row, settings: SalesforceSettings) -> str:
    """What the line sells: in its terms, else by the family of its products, which is one for all of them.

    Raises BusinessException("contract_mismatch") where they sell different things: no rule of tax fits such a line.
    """
    if told and told.service:
        return told.service
    families = {settings.services.get((item.get("Product2") or {}).get("Family") or "", ""): item for item in items}
    if len(families) > 1:
        named = ", ".join(sorted(each or "services" for each in families))
        _refuse(row, items[0], f"its products sell different services ({named}): give them lines of their own")
    return next(iter(families), "")


def unknown(data: object, read: object, place: str = "") -> Iterator[str]:
    """Names that mean nothing: a cap that is misspelt would be no cap at all."""
    if isinstance(read, BaseModel) and isinstance(data, Mapping):
        for name, value in data.items():
            if name not in type(read).model_fields:
                yield f"{place}{name}: unknown"
            else:
                yield from unknown(value, getattr(read, name), f"{place}{name}.")
    elif isinstance(read, tuple) and isinstance(data, Sequence):
        for number, (value, element) in enumerate(zip(data, read, strict=True)):
            yield from unknown(value, element, f"{place.rstrip('.')}[{number}].")


def _json(text: str, row: Row, item: Row) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as exc:
        _refuse(row, item, f"no JSON at line {exc.lineno}, column {exc.colno}")


def _first(exc: ValidationError) -> str:
    fault = exc.errors(include_url=False, include_input=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]).lstrip(".")
    return f"{place or 'terms'}: {fault['msg']}"


def _refuse(row: Row, item: Row, why: str) -> NoReturn:
    line = item.get("Description") or (item.get("Product2") or {}).get("Name") or item.get("Id") or "the deal"
    raise BusinessException("contract_mismatch", opportunity=str(row["Id"]), line=str(line), why=why)

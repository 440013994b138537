"""S/4HANA's OData services as far as we use them: rows by filter, creation, function calls, batches of reads.

Every call holds one slot of the account, those of one document the same. A change needs the CSRF token of its session, whose cookies the HTTP client keeps;
both are fetched once and again when SAP says that they ended. Source: docs/connectors/sap_s4hana.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from functions.connectors.sap_s4hana.batch import CONTENT_TYPE, read_parts, reads_body
from functions.connectors.sap_s4hana.faults import fault_of
from functions.connectors.sap_s4hana.odata import query
from shared.adapters.exact_json import exact_json
from shared.adapters.held_slot import HeldSlot
from shared.faults import BusinessException, Poison, Transient
from shared.ports.flow import Slots

if TYPE_CHECKING:
    from shared.adapters.vendor_http import VendorHttp, VendorResponse
    from shared.adapters.vendor_token import TokenSource

V2 = "/sap/opu/odata/sap"
PARTNERS = f"{V2}/API_BUSINESS_PARTNER"
PROJECTS = f"{V2}/API_ENTERPRISE_PROJECT_SRV;v=0002"
DEBITS = f"{V2}/API_DEBIT_MEMO_REQUEST_SRV"
CREDITS = f"{V2}/API_CREDIT_MEMO_REQUEST_SRV"
BILLING = f"{V2}/API_BILLING_DOCUMENT_SRV"
JOURNAL = f"{V2}/API_OPLACCTGDOCITEMCUBE_SRV"
BILLING_V4 = "/sap/opu/odata4/sap/api_billingdocument/srvd_a2x/sap/billingdocument/0001"
_CSRF = "X-CSRF-Token"
_JSON = {"Accept": "application/json"}
"""Without it V2 answers in Atom XML."""

Row = dict[str, Any]
T = TypeVar("T")


class Page(NamedTuple):
    """more: the server has further rows for the same question."""

    rows: list[Row]
    more: bool


class SapS4:
    """One tenant. `lane` of each call: "posting" before "reference" before "poll"."""

    def __init__(self, http: VendorHttp, session: TokenSource, slots: Slots, *, account: str) -> None:
        self._http, self._session, self._account = http, session, account
        self._slots = HeldSlot(slots)

    def slot(self, lane: str) -> AbstractContextManager[None]:
        """One slot of the account for all calls of this thread inside: those of one document."""
        return self._slots.lease(self._account, lane)

    def page(self, service: str, rows_of: str, *, lane: str, **options: str | int | None) -> Page:
        """The first page of a filter. options: OData's, without the dollar sign."""
        with self._slots.lease(self._account, lane):
            answer = self._http.get(f"{service}/{rows_of}{query(**options)}", headers=_JSON)
        return rows_in(answer.json())

    def rows(self, service: str, rows_of: str, *, lane: str, **options: str | int | None) -> list[Row]:
        """Of a filter whose answer fits one page: what is asked by our id."""
        return self.page(service, rows_of, lane=lane, **options).rows

    def one(self, service: str, key: str, *, lane: str, **options: str | int | None) -> Row | None:
        """One entity by its key, None if there is none (yet)."""
        with self._slots.lease(self._account, lane):
            try:
                answer = self._http.get(f"{service}/{key}{query(**options)}", headers=_JSON)
            except BusinessException as fault:
                if fault.code != "erp_record_missing":
                    raise
                return None
        return _entity(answer.json())

    def create(self, service: str, rows_of: str, body: Mapping[str, Any], *, lane: str) -> Row:
        """The entity as SAP made it. Raises Transient("unknown_outcome") where its answer cannot be read."""
        return _made(self._change("POST", f"{service}/{rows_of}", body, lane=lane), _entity)

    def change(self, service: str, key: str, body: Mapping[str, Any], *, lane: str, etag: str = "*") -> None:
        self._change("PATCH", f"{service}/{key}", body, lane=lane, headers={"If-Match": etag})

    def call(self, service: str, function: str, parameters: Mapping[str, str], *, lane: str) -> None:
        """A V2 function import that changes something. parameters: literals as OData spells them."""
        given = "&".join(f"{name}={value}" for name, value in parameters.items())
        self._change("POST", f"{service}/{function}?{given}", None, lane=lane)

    def act(self, action: str, body: Mapping[str, Any], *, lane: str) -> list[Row]:
        """A V4 action of the billing service: the entities it answers with."""
        return _made(self._change("POST", f"{BILLING_V4}/{action}", body, lane=lane), _value)

    def batch(self, service: str, questions: Sequence[str], *, lane: str) -> list[list[Row]]:
        """Rows of each question ("<set>?$filter=..."), in one request. A failed part is its fault: the batch itself
        answers 202 whatever its parts say."""
        with self._slots.lease(self._account, lane):
            answer = self._with_token(
                lambda token: self._http.post(
                    f"{service}/$batch",
                    content=reads_body(questions),
                    headers={**_JSON, "Content-Type": CONTENT_TYPE, _CSRF: token},
                    reads=True,
                )
            )
        return [rows_in(part).rows for part in read_parts(answer, len(questions), fault_of)]

    def _change(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        lane: str,
        headers: Mapping[str, str] | None = None,
    ) -> VendorResponse:
        """Under one slot, the fetching of a token included."""
        content = None if body is None else exact_json(body)
        given = {**_JSON, **(headers or {}), **({"Content-Type": "application/json"} if content else {})}
        with self._slots.lease(self._account, lane):
            return self._with_token(
                lambda token: self._http.call(method, path, content=content, headers={**given, _CSRF: token})
            )

    def _with_token(self, send: Callable[[str], VendorResponse]) -> VendorResponse:
        """Once more with another token where SAP says that the session ended: such a call did nothing."""
        token = self._session.token()
        try:
            return send(token)
        except Transient as fault:
            if fault.code != "erp_session_ended":
                raise
            return send(self._session.renewed(token))


def rows_in(answer: Any) -> Page:
    """Raises Poison("erp_rows_unreadable")."""
    inner = answer.get("d") if isinstance(answer, Mapping) else None
    rows = inner.get("results") if isinstance(inner, Mapping) else None
    if not isinstance(inner, Mapping) or not isinstance(rows, list):
        raise Poison("erp_rows_unreadable")
    return Page(rows, "__next" in inner)


def _entity(answer: Any) -> Row:
    inner = answer.get("d") if isinstance(answer, Mapping) else None
    if not isinstance(inner, Mapping):
        raise Poison("erp_rows_unreadable")
    return dict(inner)


def _value(answer: Any) -> list[Row]:
    rows = answer.get("value") if isinstance(answer, Mapping) else None
    if not isinstance(rows, list):
        raise Poison("erp_rows_unreadable")
    return rows


def _made(answer: VendorResponse, read: Callable[[Any], T]) -> T:
    try:
        return read(answer.json())
    except Poison as unreadable:
        raise Transient("unknown_outcome", cause=unreadable.code) from unreadable

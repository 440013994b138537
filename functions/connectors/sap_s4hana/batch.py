"""`$batch` of reads: several questions to one service in one request, as multipart/mixed.

Source: docs/connectors/sap_s4hana.md, "OData".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.faults import Fault, Poison

if TYPE_CHECKING:
    from shared.adapters.vendor_answer import VendorResponse

_BOUNDARY = "billweave_reads"
CONTENT_TYPE = f"multipart/mixed; boundary={_BOUNDARY}"
_PART = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"


def reads_body(questions: Sequence[str]) -> bytes:
    """questions: addresses below the service, encoded: they hold no line break and so no boundary."""
    parts = (
        f"--{_BOUNDARY}\r\n{_PART}GET {question} HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n"
        for question in questions
    )
    return ("".join(parts) + f"--{_BOUNDARY}--\r\n").encode()


def read_parts(
    answer: VendorResponse, count: int, fault_of: Callable[[int, Mapping[str, str], bytes], Fault]
) -> list[Any]:
    """The JSON of every part, in order. Raises the fault of a part that failed, Poison("erp_rows_unreadable")."""
    boundary = re.search(r'boundary="?([^";]+)"?', answer.headers.get("content-type", ""))
    if boundary is None:
        raise Poison("erp_rows_unreadable", cause="no_boundary")
    pieces = answer.body.replace(b"\r\n", b"\n").split(b"--" + boundary[1].encode())[1:-1]
    if len(pieces) != count:
        raise Poison("erp_rows_unreadable", cause="parts_missing")
    return [_part(piece, fault_of) for piece in pieces]


def _part(piece: bytes, fault_of: Callable[[int, Mapping[str, str], bytes], Fault]) -> Any:
    """Headers of the part, then an answer with its own."""
    _, _, inner = piece.partition(b"\n\n")
    head, _, body = inner.partition(b"\n\n")
    line, _, rest = head.decode("latin-1").lstrip("\n").partition("\n")
    match = re.match(r"HTTP/\d(?:\.\d)? (\d{3})", line)
    if match is None:
        raise Poison("erp_rows_unreadable", cause="no_status")
    if int(match[1]) >= 300:
        pairs = (each.partition(":") for each in rest.split("\n"))
        raise fault_of(int(match[1]), {name.strip(): value.strip() for name, _, value in pairs}, body)
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError as exc:
        raise Poison("erp_rows_unreadable", cause="no_json") from exc

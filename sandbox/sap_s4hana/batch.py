"""`$batch`: many calls in one request, changesets all or nothing. Source: vendor notes, section 3."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from sandbox.sap_s4hana.book import Book
from sandbox.sap_s4hana.call import Answer, Call, parameters
from sandbox.sap_s4hana.errors import SapError, bad_payload

_MOST = 1000


@dataclass
class Part:
    """`headers`: of the part, then of the request in it. `calls`: of a changeset; one, otherwise."""

    calls: list[Call]
    ids: list[str]
    changeset: bool


def carried_out(
    call: Call, book: Book, one: Callable[[Call], Answer], refused: Callable[[Call, SapError], Answer]
) -> Answer:
    """The answers in one. one: carries out a call, raises SapError. refused: an error as its answer."""
    outer = _boundary(call.headers.get("content-type", ""))
    texts = []
    for part in _parts(call, outer):
        answers = _changeset(part, book, one, refused) if part.changeset else [_single(part.calls[0], one, refused)]
        if part.changeset and len(answers) == len(part.calls) and all(answer.status < 400 for answer in answers):
            texts.append(_nested(answers, part.ids))
        else:
            texts.append(_http(answers[0], part.ids[0] if part.ids else ""))
    boundary = uuid.uuid4().hex.upper()
    body = "".join(f"--{boundary}\r\n{text}\r\n" for text in texts) + f"--{boundary}--\r\n"
    status = 202 if call.version == 2 else 200
    return Answer(status, body, {"content-type": f"multipart/mixed; boundary={boundary}"})


def _single(call: Call, one: Callable[[Call], Answer], refused: Callable[[Call, SapError], Answer]) -> Answer:
    if call.method != "GET":
        return refused(call, bad_payload("Changes must stand in a changeset"))
    try:
        return one(call)
    except SapError as error:
        return refused(call, error)


def _changeset(
    part: Part, book: Book, one: Callable[[Call], Answer], refused: Callable[[Call, SapError], Answer]
) -> list[Answer]:
    """All answers, or the one refusal."""
    answers: list[Answer] = []
    made: dict[str, str] = {}
    call = part.calls[0]
    try:
        with book.unit():
            for call, content_id in zip(part.calls, part.ids, strict=True):
                call.path = _referring(call.path, made)
                answers.append(one(call))
                location = answers[-1].headers.get("location", "")
                if content_id and location:
                    made[content_id] = unquote(location.removeprefix(call.root).strip("/"))
    except SapError as error:
        return [refused(call, error)]
    return answers


def _referring(path: str, made: dict[str, str]) -> str:
    """`$1/to_Item` -> below what the first call made."""
    match = re.match(r"\$(\w+)(.*)", path)
    return made[match[1]] + match[2] if match and match[1] in made else path


def _parts(call: Call, boundary: str) -> list[Part]:
    found = []
    for headers, content in _split(call.body, boundary):
        kind = headers.get("content-type", "")
        if kind.startswith("multipart/mixed"):
            inner = _split(content, _boundary(kind))
            calls = [_call(call, body) for _, body in inner]
            if not calls:
                continue
            if any(each.method == "GET" for each in calls):
                raise bad_payload("A changeset holds no reads")
            found.append(Part(calls, [_id(each, head) for (head, _), each in zip(inner, calls, strict=True)], True))
        else:
            each = _call(call, content)
            found.append(Part([each], [_id(each, headers)], False))
    if len(found) > _MOST:
        raise bad_payload(f"More than {_MOST} parts in a batch")
    return found


def _id(call: Call, headers: dict[str, str]) -> str:
    return headers.get("content-id") or call.headers.get("content-id", "")


def _boundary(kind: str) -> str:
    match = re.search(r'boundary="?([^";]+)"?', kind)
    if match is None:
        raise bad_payload("A batch is multipart/mixed with a boundary")
    return match[1]


def _split(body: bytes, boundary: str) -> list[tuple[dict[str, str], bytes]]:
    """(headers, content) of each part."""
    mark = b"--" + boundary.encode()
    pieces = body.replace(b"\r\n", b"\n").split(mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise bad_payload("The batch does not end with its boundary")
    return [_headed(piece.removeprefix(b"\n")) for piece in pieces[1:-1]]


def _headed(piece: bytes) -> tuple[dict[str, str], bytes]:
    head, _, content = piece.partition(b"\n\n")
    pairs = (line.partition(":") for line in head.decode("latin-1").split("\n"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}, content


def _call(outer: Call, content: bytes) -> Call:
    line, _, rest = content.lstrip(b"\n").partition(b"\n")
    match = re.fullmatch(r"(\w+) (\S+) HTTP/\d(?:\.\d)?", line.decode("latin-1").strip())
    if match is None:
        raise bad_payload("A part of the batch is no HTTP request")
    headers, body = _headed(rest) if not rest.startswith(b"\n") else ({}, rest[1:])
    address = urlsplit(match[2])
    path = unquote(address.path).removeprefix(outer.service.path)
    headers = {"accept": outer.headers.get("accept", "")} | headers
    body = body.rstrip(b"\n")
    return Call(
        match[1], outer.service, path.strip("/"), outer.root, outer.user, parameters(address.query), headers, body
    )


def _http(answer: Answer, content_id: str) -> str:
    data = answer.body.encode()
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()] + [f"content-length: {len(data)}"]
    inner = "\r\n".join(lines) + "\r\n\r\n" + answer.body
    tag = f"content-id: {content_id}\r\n" if content_id else ""
    length = len(inner.encode())
    head = f"content-type: application/http\r\ncontent-length: {length}\r\ncontent-transfer-encoding: binary\r\n{tag}"
    return f"{head}\r\n{inner}"


def _nested(answers: list[Answer], ids: list[str]) -> str:
    boundary = uuid.uuid4().hex.upper()
    parts = "".join(f"--{boundary}\r\n{_http(answer, one)}\r\n" for answer, one in zip(answers, ids, strict=True))
    return f"content-type: multipart/mixed; boundary={boundary}\r\n\r\n{parts}--{boundary}--\r\n"

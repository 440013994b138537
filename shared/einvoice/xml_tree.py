"""XML written element by element, in the order that a schema wants; what is None is left out."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from shared.einvoice.ubl_names import CAC, CBC

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Tree:
    """One element; `add` returns the new one, so that a document reads as it is nested. Names are cbc:ID and the like."""

    def __init__(self, element: Element) -> None:
        self._element = element

    @classmethod
    def root(cls, namespace: str, name: str) -> Tree:
        return cls(Element(name, {"xmlns": namespace, "xmlns:cac": CAC, "xmlns:cbc": CBC}))

    def add(self, name: str) -> Tree:
        return Tree(SubElement(self._element, name))

    def text(self, name: str, value: str | None, **attributes: str) -> None:
        """Nothing for None or blanks: an empty element is no UBL. Characters that XML cannot hold become U+FFFD."""
        if value is not None and value.strip():
            SubElement(self._element, name, attributes).text = _FORBIDDEN.sub("\ufffd", value)

    def written(self) -> bytes:
        text: bytes = tostring(self._element, "utf-8", xml_declaration=True)
        return text + b"\n"

"""What this server makes of a filter: option texts and codes as it keeps them, and what it cannot do."""

from __future__ import annotations

import re

from sandbox.business_central.errors import bad_request
from sandbox.business_central.fields import Entity
from sandbox.business_central.values import plain_name
from sandbox.kit.odata.literals import ENUM, STRING
from sandbox.kit.odata.tree import AnyOf, Binary, Call, Junction, Literal, Negation, Node, Property, paths

_LAMBDA = re.compile(r"/(any|all)\(")


def readable(text: str) -> str:
    """A filter with a lambda is ignored, as the notes say."""
    return "" if _LAMBDA.search(text) else text


def adapted(node: Node, entity: Entity) -> Node:
    """Raises Refused for an `or` between different fields."""
    match node:
        case Binary(operator, left, right):
            return Binary(operator, _side(left, right, entity), _side(right, left, entity))
        case AnyOf(left, values):
            return AnyOf(left, tuple(_side(value, left, entity) for value in values))
        case Call(name, (first, second)):
            return Call(name, (_side(first, second, entity), _side(second, first, entity)))
        case Junction(operator, parts):
            if operator == "or" and len(set(paths(node))) > 1:
                raise bad_request("or_fields")
            return Junction(operator, tuple(adapted(part, entity) for part in parts))
        case Negation(part):
            return Negation(adapted(part, entity))
    return node


def _side(node: Node, other: Node, entity: Entity) -> Node:
    """A literal compared with a field is read as the field's values are."""
    if not isinstance(node, Literal):
        return adapted(node, entity)
    one = entity.by_name.get(other.path) if isinstance(other, Property) else None
    if one is None or not isinstance(node.value, str):
        return node
    if one.edm == ENUM:
        wanted = plain_name(node.value)
        known = next((option for option in one.options if option.strip().lower() == wanted.strip().lower()), wanted)
        return Literal(ENUM, known)
    return Literal(STRING, node.value.strip().upper()) if one.code and node.edm == STRING else node

"""What is generated is current, what is published is kept, and every way to break a reader is caught."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from events import compatibility, generate
from events.commands import COMMANDS
from events.compatibility import breaks, findings, published_schemas, unpublished
from events.schemas import all_schemas, event_schema

Schema = dict[str, Any]
TIME = event_schema("time.approved.v1")
RATES = event_schema("rate_card.changed.v1")
SIGNED = event_schema("contract.signed.v1")
RAISED = event_schema("exception.raised.v1")


def test_generated_files_are_current() -> None:
    assert generate.out_of_date() == []


def test_every_schema_is_itself_valid() -> None:
    for schema in all_schemas().values():
        Draft202012Validator.check_schema(schema)


def test_nothing_published_is_broken_and_nothing_is_left_unpublished() -> None:
    assert findings() == {}
    assert unpublished() == []


def test_every_command_has_a_schema_for_its_message_and_its_answer() -> None:
    names = set(all_schemas())
    for name in COMMANDS:
        assert f"commands/{name}" in names
    assert {"commands/PostInvoiceResult", "commands/ReportResult"} <= names


def test_the_same_schema_is_compatible_with_itself() -> None:
    for name, schema in all_schemas().items():
        assert breaks(schema, schema) == [], name


def changed(schema: Schema, change: Callable[[Schema], object]) -> Schema:
    copied = copy.deepcopy(schema)
    change(copied)
    return copied


def data(schema: Schema, name: str = "TimeApproved") -> Schema:
    definition: Schema = schema["$defs"][name]
    return definition


def put(where: Callable[[Schema], Schema], **values: Any) -> Callable[[Schema], None]:
    return lambda schema: where(schema).update(values)


def field(name: str, of: str = "TimeApproved") -> Callable[[Schema], Schema]:
    return lambda schema: data(schema, of)["properties"][name]


HARMLESS: list[tuple[Schema, Callable[[Schema], object]]] = [
    (TIME, lambda s: data(s)["properties"].update(site={"type": "string", "default": ""})),
    (
        TIME,
        lambda s: s["$defs"]["Person"]["properties"].update(email={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ),
    (TIME, lambda s: s["properties"].update(partition={"type": "string"})),
    (TIME, put(lambda s: s, title="Another word", description="Other words")),
    (TIME, lambda s: data(s)["required"].reverse()),
    (TIME, lambda s: field("state")(s)["enum"].reverse()),
    (RATES, lambda s: s["$defs"]["CardRate"]["properties"].update(unit={"type": "string", "default": "hour"})),
]


@pytest.mark.parametrize(("schema", "change"), HARMLESS)
def test_a_new_optional_field_or_another_word_breaks_nobody(schema: Schema, change: Callable[[Schema], object]) -> None:
    after = changed(schema, change)
    assert after != schema
    assert breaks(schema, after) == []


def test_moving_a_definition_is_no_change() -> None:
    def move(schema: Schema) -> None:
        schema["$defs"]["Renamed"] = schema["$defs"].pop("Person")
        field("person")(schema)["$ref"] = "#/$defs/Renamed"

    assert breaks(TIME, changed(TIME, move)) == []


BREAKING: list[tuple[str, Schema, Callable[[Schema], object], str]] = [
    ("field removed", TIME, lambda s: data(s)["properties"].pop("notes"), "/notes: the field is gone"),
    ("required field removed", TIME, lambda s: data(s)["properties"].pop("minutes"), "field is gone"),
    ("envelope field removed", TIME, lambda s: s["properties"].pop("causationid"), "causationid: the field is gone"),
    ("field renamed", TIME, lambda s: data(s)["properties"].update(mins=data(s)["properties"].pop("minutes")), "gone"),
    ("nested field removed", TIME, lambda s: s["$defs"]["Ref"]["properties"].pop("kind"), "kind: the field is gone"),
    ("field in a list removed", RATES, lambda s: data(s, "CardRate")["properties"].pop("valid_to"), "valid_to"),
    ("new required field", TIME, lambda s: data(s)["required"].append("role"), "role is now required"),
    (
        "new field, required",
        TIME,
        lambda s: (data(s)["properties"].update(site={"type": "string"}), data(s)["required"].append("site")),
        "site is now required",
    ),
    ("no longer required", TIME, lambda s: data(s)["required"].remove("minutes"), "minutes is no longer required"),
    ("type changed", TIME, put(field("minutes"), type="string"), "/minutes/type"),
    ("type widened", TIME, put(field("minutes"), type=["integer", "null"]), "/minutes/type"),
    ("type narrowed", TIME, lambda s: field("role")(s)["anyOf"].pop(), "/role/anyOf"),
    ("null allowed", TIME, put(field("notes"), type=["string", "null"]), "/notes/type"),
    ("enum value removed", TIME, lambda s: field("state")(s)["enum"].remove("withdrawn"), "/state/enum"),
    ("enum value added", TIME, lambda s: field("state")(s)["enum"].append("disputed"), "/state/enum"),
    ("format changed", TIME, put(field("worked_on"), format="date-time"), "/worked_on/format"),
    ("format dropped", TIME, lambda s: field("worked_on")(s).pop("format"), "/worked_on/format"),
    ("pattern changed", TIME, put(field("amount", "Amount"), pattern=r"^[0-9]+$"), "/amount/pattern"),
    ("pattern dropped", TIME, lambda s: field("currency", "Amount")(s).pop("pattern"), "/currency/pattern"),
    ("minimum raised", TIME, put(field("minutes"), minimum=1), "/minutes/minimum"),
    ("maximum added", TIME, put(field("minutes"), maximum=1440), "/minutes/maximum"),
    ("length added", TIME, put(field("notes"), maxLength=10), "/notes/maxLength"),
    ("default changed", TIME, put(field("state"), default="withdrawn"), "/state/default"),
    ("default gone", TIME, lambda s: field("notes")(s).pop("default"), "/notes/default"),
    ("constant changed", TIME, lambda s: s["properties"]["type"].update(const="time.approved.v2"), "/type/const"),
    ("list became one", RATES, lambda s: field("rates", "RateCardChanged")(s).update(type="object"), "/rates/type"),
    ("other things in the list", SIGNED, lambda s: s["$defs"]["SignedLine"]["properties"].pop("kind"), "kind"),
    ("unknown fields refused", TIME, lambda s: data(s).update(additionalProperties=False), "additionalProperties"),
    (
        "map of other values",
        RAISED,
        lambda s: field("facts", "ExceptionRaised")(s).update(additionalProperties={"type": "integer"}),
        "facts",
    ),
    (
        "map became an object",
        RAISED,
        lambda s: field("facts", "ExceptionRaised")(s).update(properties={"step": {"type": "string"}}),
        "was a map",
    ),
    ("true is not one", TIME, put(field("minutes"), minimum=False), "/minutes/minimum"),
]


@pytest.mark.parametrize(("schema", "change", "place"), [case[1:] for case in BREAKING], ids=[c[0] for c in BREAKING])
def test_anything_else_is_refused_and_its_place_named(
    schema: Schema, change: Callable[[Schema], object], place: str
) -> None:
    found = breaks(schema, changed(schema, change))
    assert any(place in each for each in found), found


@pytest.fixture
def a_published_copy(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, schema in published_schemas().items():
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema))
    monkeypatch.setattr(compatibility, "PUBLISHED_DIRECTORY", tmp_path)
    return tmp_path


def test_a_published_event_may_not_disappear(a_published_copy: Any) -> None:
    (a_published_copy / "time.forgotten.v1.json").write_text(json.dumps(TIME))
    assert findings() == {"time.forgotten.v1": ["was published and is gone"]}


def test_publishing_refuses_to_break_and_writes_nothing(a_published_copy: Any) -> None:
    path = a_published_copy / "time.approved.v1.json"
    older = changed(TIME, lambda s: data(s)["properties"].update(was_there={"type": "string"}))
    path.write_text(json.dumps(older))
    with pytest.raises(ValueError, match="time.approved.v1"):
        compatibility.publish()
    assert json.loads(path.read_text()) == older


def test_publishing_takes_in_a_new_optional_field(a_published_copy: Any) -> None:
    path = a_published_copy / "time.approved.v1.json"
    path.write_text(json.dumps(changed(TIME, lambda s: data(s)["properties"].pop("notes"))))
    assert unpublished() == ["time.approved.v1"]
    assert compatibility.publish() == ["time.approved.v1"]
    assert json.loads(path.read_text()) == TIME

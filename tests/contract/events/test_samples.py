"""Each published version has a sample: true to its schema, read back unchanged by its model."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from events.envelope import Envelope
from events.registry import PUBLISHED, UPCASTERS, upcast
from events.schemas import event_schema, sample_path

TYPES = sorted(PUBLISHED)


def sample(event_type: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(sample_path(event_type).read_text())
    return body


def read(event_type: str, body: dict[str, Any]) -> dict[str, Any]:
    return Envelope[PUBLISHED[event_type]].model_validate(body).as_json()  # type: ignore[name-defined]


@pytest.mark.parametrize("event_type", TYPES)
def test_a_sample_is_true_to_its_schema(event_type: str) -> None:
    validator = Draft202012Validator(event_schema(event_type), format_checker=FormatChecker())
    assert list(validator.iter_errors(sample(event_type))) == []


@pytest.mark.parametrize("event_type", TYPES)
def test_reading_and_writing_a_sample_changes_nothing(event_type: str) -> None:
    assert read(event_type, sample(event_type)) == sample(event_type)


@pytest.mark.parametrize("event_type", TYPES)
def test_a_sample_shows_every_field(event_type: str) -> None:
    assert set(sample(event_type)["data"]) == set(PUBLISHED[event_type].model_fields)


@pytest.mark.parametrize("event_type", TYPES)
def test_a_field_from_a_newer_producer_is_ignored(event_type: str) -> None:
    newer = sample(event_type)
    newer["data"]["added_later"] = {"any": "thing"}
    assert read(event_type, newer) == sample(event_type)


@pytest.mark.parametrize("event_type", TYPES)
def test_a_missing_required_field_is_refused_by_schema_and_model_alike(event_type: str) -> None:
    validator = Draft202012Validator(event_schema(event_type))
    fields = PUBLISHED[event_type].model_fields
    for name in (name for name, field in fields.items() if field.is_required()):
        body = sample(event_type)
        del body["data"][name]
        assert not validator.is_valid(body), name
        with pytest.raises(ValidationError):
            read(event_type, body)


@pytest.mark.parametrize("amount", [1.5, 150, "1e3", "1,50", "NaN", "", None, True])
def test_an_amount_that_is_no_text_of_digits_is_false_to_the_schema(amount: object) -> None:
    body = sample("invoice.posted.v1")
    body["data"]["net"]["amount"] = amount
    assert not Draft202012Validator(event_schema("invoice.posted.v1")).is_valid(body)


@pytest.mark.parametrize("amount", [1.5, "1,50", "NaN", "Infinity", "", None, True])
def test_an_amount_that_is_not_exact_is_refused(amount: object) -> None:
    body = sample("invoice.posted.v1")
    body["data"]["net"]["amount"] = amount
    with pytest.raises(ValidationError):
        read("invoice.posted.v1", body)


@pytest.mark.parametrize(("written", "plain"), [("1E+3", "1000"), ("0E-8", "0.00000000"), ("1.50", "1.50")])
def test_amounts_are_written_in_plain_digits(written: str, plain: str) -> None:
    body = sample("invoice.posted.v1")
    body["data"]["net"]["amount"] = written
    assert read("invoice.posted.v1", body)["data"]["net"]["amount"] == plain


@pytest.mark.parametrize(
    ("field", "value"),
    [("time", "2026-10-06T09:30:00"), ("type", "time.approved"), ("sequence", -1), ("id", ""), ("specversion", "0.3")],
)
def test_an_envelope_that_is_no_cloud_event_of_ours_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        read("time.approved.v1", sample("time.approved.v1") | {field: value})


@pytest.mark.parametrize("event_type", sorted(PUBLISHED.keys() - UPCASTERS.keys()))
def test_the_newest_version_is_read_as_it_is(event_type: str) -> None:
    data = sample(event_type)["data"]
    assert upcast(event_type, data) == (event_type, data)


def test_every_older_version_is_read_as_the_newest() -> None:
    """One thing happened: the newest version of the same event, readable by its model."""
    for event_type in UPCASTERS:
        newest, data = upcast(event_type, sample(event_type)["data"])
        assert newest.rpartition(".v")[0] == event_type.rpartition(".v")[0]
        PUBLISHED[newest].model_validate(data)


def test_only_the_newest_version_of_an_event_has_no_upcaster() -> None:
    newest = [event_type.rpartition(".v")[0] for event_type in PUBLISHED.keys() - UPCASTERS.keys()]
    assert len(newest) == len(set(newest))


def test_samples_tell_one_story() -> None:
    """One deal from signature to payment: its events share the contract as their thread."""
    contract = sample("contract.signed.v1")["subject"]
    threads = {event_type: sample(event_type)["correlationid"] for event_type in TYPES}
    told = [event_type for event_type, thread in threads.items() if thread == contract]
    assert {"project.created.v1", "wip.recorded.v1", "invoice.posted.v1", "invoice.paid.v1"} <= set(told)
    ids = {sample(event_type)["id"] for event_type in TYPES}
    causes = {sample(event_type)["causationid"] for event_type in TYPES} - {None}
    assert len(ids) == len(TYPES) and causes <= ids


def test_every_model_on_disk_is_published() -> None:
    here = Path(sample_path("time.approved.v1")).parent.parent
    versions = {f"{path.parent.name}/{path.stem}" for path in here.glob("*/v*.py")}
    assert versions == {"/".join(model.__module__.split(".")[1:]) for model in PUBLISHED.values()}

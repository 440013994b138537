"""Which handler hears what: read from infra/manifest.py, as the stacks are; nothing here names a handler of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, get_type_hints

from events.commands import Command
from events.envelope import EventData
from events.registry import PUBLISHED
from functions.connectors.kantata.push_invoice_status import report_invoice as show_in_kantata
from functions.connectors.kantata.push_project import create_project
from functions.connectors.netsuite.push_customer import ensure_customer
from functions.connectors.netsuite.push_invoice import post_invoice
from functions.connectors.netsuite.push_memo import post_credit_memo
from functions.connectors.netsuite.push_project import ensure_erp_project
from functions.connectors.salesforce.push_invoice_status import report_invoice as show_in_salesforce
from functions.connectors.salesforce.push_project_status import report_project
from infra.manifest import OPERATIONS, PROCESSES, EventQueue, FunctionEntry, Step


@dataclass(frozen=True)
class Consumer:
    queue: str
    types: tuple[str, ...]
    entry: FunctionEntry

    @property
    def handler(self) -> Any:
        return handler_of(self.entry)

    @property
    def models(self) -> Mapping[str, type[EventData]]:
        return {name: model for name, model in PUBLISHED.items() if name.startswith(self.types)}


def handler_of(entry: FunctionEntry) -> Any:
    module, _, attribute = entry.handler.rpartition(".")
    return getattr(import_module(module), attribute)


@lru_cache(maxsize=1)
def consumers() -> tuple[Consumer, ...]:
    queued = [(entry, entry.trigger) for entry in PROCESSES if isinstance(entry.trigger, EventQueue)]
    return tuple(Consumer(trigger.queue, trigger.types, entry) for entry, trigger in queued)


@lru_cache(maxsize=1)
def steps() -> Mapping[str, FunctionEntry]:
    """By the name that definitions use: "PriceInvoice"."""
    return {_camel(entry.stem): entry for entry in PROCESSES if isinstance(entry.trigger, Step)}


@cache
def operation(stem: str) -> Any:
    [entry] = [entry for entry in OPERATIONS if entry.stem == stem]
    return handler_of(entry)


@cache
def input_of(step: Callable[..., Any]) -> Any:
    """The model of a step's input."""
    hints = get_type_hints(step)
    return next(iter(hints.values()))


Execute = Callable[[Any, Any], Any]


def lanes() -> Mapping[str, Mapping[str, tuple[type[Command], Execute]]]:
    """What each lane's connector does, by command; looked up anew each time, so that a test may replace one."""
    return {
        "erp-posting": _by_name(post_invoice, post_credit_memo),
        "erp-reference": _by_name(ensure_customer, ensure_erp_project),
        "psa-reference": _by_name(create_project),
        "psa-status": _by_name(show_in_kantata),
        "crm-reference": _by_name(report_project),
        "crm-status": _by_name(show_in_salesforce),
    }


def _by_name(*executes: Execute) -> dict[str, tuple[type[Command], Execute]]:
    found = ((input_of(execute), execute) for execute in executes)
    return {model.__name__: (model, execute) for model, execute in found}


def _camel(stem: str) -> str:
    return re.sub(r"(?:^|_)(\w)", lambda found: found[1].upper(), stem)

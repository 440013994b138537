"""Open work priced by an older version of its card is priced anew: reversal and new item, once per item and version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from functions.processes.wip_recorded import wip_recorded
from shared.domain.rate_card import RateCard
from shared.domain.source import Applied
from shared.domain.wip import WipItem
from shared.faults import BusinessException
from shared.ports.ports import Ports
from shared.runtime.trouble import close_trouble, raise_trouble
from shared.usecases.rerate import outdated, rerate, rerated

UNPRICED = "rate_missing"


def rerate_open(items: Iterable[WipItem], ports: Ports) -> list[WipItem]:
    """What it wrote. items: open ones of any contract.

    A card that has no rate for the day any more takes nothing back: the item keeps the rate it was valued at, and
    somebody is told. Raises Transient("source_moved") when the entry is corrected meanwhile: it is tried again.
    """
    by_project: dict[str, list[WipItem]] = {}
    for item in items:
        if item.claimed_by is None:
            by_project.setdefault(item.project_id, []).append(item)
    written: list[WipItem] = []
    for project_id, open_items in by_project.items():
        card = ports.rate_cards.of_project(project_id)
        old = [item for item in open_items if card and outdated(item, card)]
        if card and old:
            written += _of_project(project_id, old, card, ports)
    return written


def _of_project(project_id: str, items: Sequence[WipItem], card: RateCard, ports: Ports) -> list[WipItem]:
    written: list[WipItem] = []
    refused: BusinessException | None = None
    for item in items:
        try:
            new = rerated(item, card)
        except BusinessException as refusal:
            refused = refusal
            continue
        if new:
            written += _anew(item, new, ports)
    _tell(f"open_work:{project_id}", items[0], refused, ports)
    return written


def _anew(item: WipItem, new: WipItem, ports: Ports) -> tuple[WipItem, ...]:
    source = ports.wip.source(item.source_id)
    if source is None or source.wip_id != item.wip_id:
        return ()  # corrected or withdrawn meanwhile: this item is taken back already
    after, pair = rerate(source, item, new)
    events = [wip_recorded(each, None, ports) for each in pair]
    applied = ports.wip.record(after, pair, previous=source, events=events)
    return pair if applied is Applied.NEW else ()


def _tell(subject: str, item: WipItem, refused: BusinessException | None, ports: Ports) -> None:
    if refused is None:
        close_trouble(ports, subject, [UNPRICED])
        return
    raise_trouble(
        ports,
        UNPRICED,
        subject,
        legal_entity_id=item.legal_entity_id,
        correlation_id=item.contract_id,
        facts=refused.facts | {"code": refused.code, "open_work": "keeps the rate it was valued at"},
    )

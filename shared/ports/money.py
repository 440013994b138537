"""What others decide about money: the rates a source published, the tax that a service outside decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.domain.exchange import Publication, RateTable
    from shared.domain.tax import TaxDecision, TaxQuestion


class ExchangeRates(Protocol):
    """One publication per (source, day), written once and never again."""

    def published(self, source: str, days: Sequence[date]) -> RateTable:
        """Those of these days that have a publication."""
        ...

    def add(self, publications: Sequence[Publication]) -> None:
        """Raises Transient("write_conflict") if one of the days was written meanwhile; those before it stand."""
        ...


class TaxService(Protocol):
    def decide(self, question: TaxQuestion) -> TaxDecision:
        """Raises BusinessException("tax_undetermined") with what the service lacks, Transient when it does not answer."""
        ...

"""Exchange rates and a tax service in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from shared.domain.exchange import Publication, RateTable
from shared.domain.tax import TaxDecision, TaxQuestion
from shared.faults import BusinessException, Transient


@dataclass
class FakeExchangeRates:
    rows: dict[tuple[str, date], Publication] = field(default_factory=dict)

    def published(self, source: str, days: Sequence[date]) -> RateTable:
        found = (self.rows[source, day] for day in set(days) if (source, day) in self.rows)
        return RateTable.of(source, found)

    def add(self, publications: Sequence[Publication]) -> None:
        for each in publications:
            if (each.source, each.on) in self.rows:
                raise Transient("write_conflict", source=each.source, first=each.on.isoformat())
            self.rows[each.source, each.on] = each


@dataclass
class FakeTaxService:
    """answers: by service. asked: in order."""

    answers: dict[str, TaxDecision] = field(default_factory=dict)
    asked: list[TaxQuestion] = field(default_factory=list)

    def decide(self, question: TaxQuestion) -> TaxDecision:
        self.asked.append(question)
        if question.service not in self.answers:
            raise BusinessException("tax_undetermined", missing="service", service=question.service)
        return self.answers[question.service]

"""`billweave fx load FILE`: a file of a source's rates, kept for ever, day by day; no day is ever written over."""

from __future__ import annotations

from typing import Literal

from pydantic import Base64Bytes

from shared.domain.exception import ExceptionStatus
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.keep_rates import new_publications
from shared.usecases.read_ecb import read_ecb

OF_RATES = ("fx_rate_missing", "fx_currency_not_quoted")


class LoadExchangeRates(Input):
    """content: the file as it came, csv, xml or zip, in base64."""

    source: Literal["ecb"] = "ecb"
    content: Base64Bytes
    requested_by: str


@process_step(LoadExchangeRates, wire=AwsPorts.from_env)
def handler(command: LoadExchangeRates, ports: Ports) -> dict[str, object]:
    """A load that broke off is loaded again: what stands is left out. The file itself is kept beside its days.

    Raises BusinessException("fx_file_unreadable" | "fx_rate_changed"), and then nothing was written.
    """
    read = read_ecb(command.content)
    kept = ports.exchange_rates.published(command.source, [each.on for each in read])
    new = new_publications(kept, read)
    key = ports.raw.keep(command.source, "exchange_rates", command.content)
    ports.exchange_rates.add(new)
    ports.counts.add("exchange_rate_days_loaded", len(new), source=command.source)
    released, retried = tried_again(ports)
    return {
        "source": command.source,
        "released": released,
        "retried": retried,
        "days": len(read),
        "new": len(new),
        "first": read[0].on.isoformat(),
        "last": read[-1].on.isoformat(),
        "file": key,
    }


def tried_again(ports: Ports) -> tuple[int, int]:
    """(deliveries sent to their queue again, sagas told to go on): all that waited for a rate, also where a load before died
    half way. What still has none waits again."""
    from functions.processes.parking import release
    from shared.runtime.trouble import settle

    waiting = sorted({parked.waiting_for for parked in ports.parking.all() if parked.reason in OF_RATES})
    released = sum(release(each, ports) for each in waiting)
    stopped = [
        each for each in ports.exceptions.list(ExceptionStatus.OPEN) if each.type in OF_RATES and each.task_token
    ]
    return released, sum(bool(settle(ports, each.exception_id, "retry", by="billweave")) for each in stopped)

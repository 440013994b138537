"""`billweave fx load FILE`: a file of a source's rates, kept for ever, day by day; no day is ever written over."""

from __future__ import annotations

from typing import Literal

from pydantic import Base64Bytes, BaseModel

from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.wiring import AwsPorts
from shared.usecases.keep_rates import new_publications
from shared.usecases.read_ecb import read_ecb


class LoadExchangeRates(BaseModel):
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
    return {
        "source": command.source,
        "days": len(read),
        "new": len(new),
        "first": read[0].on.isoformat(),
        "last": read[-1].on.isoformat(),
        "file": key,
    }

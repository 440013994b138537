"""`billweave write-off reverse`: what was given up is open work again, and its record says by whom and why."""

from __future__ import annotations

from pydantic import Field

from functions.operations.write_off_acts import reverse
from shared.ports.ports import Ports
from shared.runtime.process_step import process_step
from shared.runtime.reading import Input
from shared.runtime.wiring import AwsPorts
from shared.usecases.view_write_off import view_write_off


class ReverseWriteOff(Input):
    write_off_id: str
    by: str = Field(min_length=1)
    reason: str = Field(min_length=1)


@process_step(ReverseWriteOff, wire=AwsPorts.from_env)
def handler(command: ReverseWriteOff, ports: Ports) -> dict[str, object]:
    """Raises BusinessException("write_off_unknown" | "write_off_state")."""
    return view_write_off(reverse(command.write_off_id, command.by, command.reason, ports))

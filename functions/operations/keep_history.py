"""The table's stream -> the documents: what every row became, so that the table can be made again (`replay --source history`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.ports.ports import Ports
from shared.runtime.table_stream import table_stream
from shared.runtime.wiring import AwsPorts


@table_stream(wire=AwsPorts.from_env)
def handler(records: Sequence[Mapping[str, Any]], ports: Ports) -> dict[str, int]:
    return {"kept": ports.state_history.keep(records)}

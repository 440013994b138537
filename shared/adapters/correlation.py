"""What the present piece of work belongs to, and when it is cut off: bound by the runtime, read where calls go out."""

from __future__ import annotations

from contextvars import ContextVar

correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
"""The business thread; sent along to vendors."""

for_entity: ContextVar[str] = ContextVar("for_entity", default="")
"""The legal entity, "" where the work is for none: slots of a vendor are shared fairly between them."""

cut_off_at: ContextVar[float | None] = ContextVar("cut_off_at", default=None)
"""time.monotonic() at which this invocation ends whatever it is doing; None where nothing cuts it off."""

"""The business thread that the present piece of work belongs to: bound by the runtime, sent along to vendors."""

from __future__ import annotations

from contextvars import ContextVar

correlation: ContextVar[str | None] = ContextVar("correlation", default=None)

"""Instants as the vendor writes them."""

from __future__ import annotations

from datetime import datetime


def instant_text(moment: datetime) -> str:
    """Aware UTC -> `2026-01-31T16:21:00Z`; the vendor keeps whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

"""Polls of Kantata: one page per message; what is left of a feed is asked for by another message to this queue."""

from __future__ import annotations

from collections.abc import Callable

from functions.connectors.kantata.ports import KantataPorts
from functions.connectors.kantata.pull_events import pull_events
from functions.connectors.kantata.pull_expenses import pull_expenses
from functions.connectors.kantata.pull_milestones import pull_milestones
from functions.connectors.kantata.pull_projects import pull_projects
from functions.connectors.kantata.pull_rate_cards import pull_rate_cards
from functions.connectors.kantata.pull_time import pull_time
from functions.connectors.kantata.wiring import AwsKantataPorts
from shared.faults import Poison
from shared.runtime.queue_worker import queue_worker
from shared.runtime.reading import Input

QUEUE = "kantata-poll"
FEEDS: dict[str, Callable[[KantataPorts], int | None]] = {
    "time_entries": pull_time,
    "expenses": pull_expenses,
    "milestones": pull_milestones,
    "projects": pull_projects,
    "rate_cards": pull_rate_cards,
    "events": pull_events,
}
"""Each reads one page and says in how many seconds there is more, None if there is none now."""


class Poll(Input):
    feed: str


@queue_worker(Poll, wire=AwsKantataPorts.from_env, repeats=True)
def handler(poll: Poll, ports: KantataPorts) -> None:
    pull = FEEDS.get(poll.feed)
    if pull is None:
        raise Poison("feed_unknown", feed=poll.feed)
    due = pull(ports)
    if due is not None:
        ports.queues.send(QUEUE, [poll.model_dump_json()], delay_s=due)

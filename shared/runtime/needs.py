"""What the queue wrappers themselves need of a handler's ports; a connector's own ports have these too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from shared.ports import flow, oversight


class QueuePorts(Protocol):
    @property
    def inbox(self) -> flow.Inbox: ...
    @property
    def counts(self) -> flow.Counts: ...
    @property
    def exceptions(self) -> oversight.Exceptions: ...
    @property
    def policies(self) -> flow.PolicyBook: ...
    @property
    def documents(self) -> flow.Documents: ...
    @property
    def clock(self) -> flow.Clock: ...


class SagaPorts(QueuePorts, Protocol):
    """Of who tells a waiting saga how its task ended."""

    @property
    def tasks(self) -> flow.Tasks: ...


class CommandPorts(SagaPorts, Protocol):
    @property
    def role(self) -> str:
        """Of the system that the commands are for; "" where nobody says."""
        ...

    @property
    def turns(self) -> flow.Turns: ...

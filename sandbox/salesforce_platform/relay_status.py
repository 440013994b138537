"""EventRelayConfig and EventRelayFeedback: what an administrator can ask by SOQL about a relay.

Source: vendors/salesforce.md, section 6.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.salesforce_platform.org import Actor, Org
from sandbox.salesforce_platform.system_writes import plant
from sandbox.salesforce_platform.values import now_stamp

if TYPE_CHECKING:
    from sandbox.salesforce_platform.relay import Relay

_STATUS = {"RUN": "RUNNING", "PAUSE": "PAUSED", "STOP": "STOPPED"}


def publish(org: Org, relay: Relay, source: str, relayed: bool = False) -> None:
    """Writes both rows as the relay is now; `relayed` also moves LastRelayedEventTime."""
    user_id = next(iter(org.tables["User"].rows))
    with org.transaction(Actor(user_id)):
        if relay.id not in org.tables["EventRelayConfig"].rows:
            name = f"Relay_{relay.channel[-6:]}"
            plant(org, "EventRelayConfig", {"Id": relay.id, "DeveloperName": name, "MasterLabel": name}, user_id)
        config = org.tables["EventRelayConfig"].rows[relay.id]
        channel = {"EventChannel": "Fabric_Changes__chn", "DestinationResourceName": "callout:Fabric_AWS"}
        org.write("EventRelayConfig", config | channel | {"State": relay.state})
        ids = org.tables["EventRelayFeedback"].having("EventRelayConfigId", relay.id)
        feedback_id = ids[0] if ids else plant(org, "EventRelayFeedback", {"EventRelayConfigId": relay.id}, user_id)
        row = org.tables["EventRelayFeedback"].rows[feedback_id] | {
            "EventRelayNumber": f"ER-{relay.channel[-7:-3]}",
            "Status": _STATUS[relay.state] if not relay.last_error else "ERROR",
            "ErrorCode": "PUT_EVENTS_FAILED" if relay.last_error else None,
            "ErrorMessage": relay.last_error or None,
            "RemoteResource": source,
        }
        org.write("EventRelayFeedback", row | ({"LastRelayedEventTime": now_stamp()} if relayed else {}))

"""References to other systems, and the change feed."""

from __future__ import annotations

from sandbox.kantata.shape import STAMPS, Assoc, Kind, words

FEED_KINDS = (
    Kind(
        "external_references",
        "external_reference",
        "ExternalReference",
        (
            *words(
                "subject_type subject_id service_name service_model service_model_ref status external_status "
                "external_message external_link locked last_synced_at"
            ),
            *STAMPS,
        ),
        assocs=(Assoc("subject", "", "subject_ref", "subject"),),
        orders=("created_at", "last_synced_at"),
        default_order="last_synced_at:desc",
    ),
    Kind(
        "subscribed_events",
        "subscribed_event",
        "SubscribedEvent",
        (
            *words(
                "event_type subject_type subject_id subject_changed_at created_at user_id account_id "
                "context_workspace_id"
            ),
        ),
        optional=("previous_payload", "current_payload", "payload_changes"),
        assocs=(Assoc("subject", "", "subject_ref", "subject"),),
        orders=("created_at",),
        admin_only=True,
    ),
)

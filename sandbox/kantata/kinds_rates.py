"""Rate cards: a set has cards by currency and versions by date."""

from __future__ import annotations

from sandbox.kantata.shape import REFERENCES, STAMPS, Kind, many, one

RATE_KINDS = (
    Kind(
        "rate_card_sets",
        "rate_card_set",
        "RateCardSet",
        ("title", "default", "archived", *STAMPS),
        assocs=(
            many("rate_cards", "rate_cards", back="rate_card_set_id"),
            many("rate_card_set_versions", "rate_card_set_versions", back="rate_card_set_id"),
        ),
        admin_only=True,
    ),
    Kind(
        "rate_card_set_versions",
        "rate_card_set_version",
        "RateCardSetVersion",
        ("effective_date", "active", "used_currencies", *STAMPS),
        assocs=(
            one("rate_card_set", "rate_card_sets", always=True),
            many("rate_card_versions", "rate_card_versions", back="rate_card_set_version_id"),
        ),
        orders=("effective_date", *STAMPS),
        admin_only=True,
    ),
    Kind(
        "rate_cards",
        "rate_card",
        "RateCard",
        ("currency", "rate_card_set_title", "removable", "uses", *STAMPS),
        assocs=(
            one("rate_card_set", "rate_card_sets"),
            many("rate_card_versions", "rate_card_versions", back="rate_card_id"),
            one("effective_rate_card_version", "rate_card_versions"),
            REFERENCES,
        ),
    ),
    Kind(
        "rate_card_versions",
        "rate_card_version",
        "RateCardVersion",
        ("default_rate", *STAMPS),
        assocs=(
            one("rate_card", "rate_cards"),
            one("rate_card_set_version", "rate_card_set_versions"),
            many("rate_card_roles", "rate_card_roles", back="rate_card_version_id"),
        ),
        admin_only=True,
    ),
    Kind(
        "rate_card_roles",
        "rate_card_role",
        "RateCardRole",
        ("rate", *STAMPS),
        assocs=(one("rate_card_version", "rate_card_versions"), one("role", "roles")),
        orders=("created_at",),
        default_order="created_at:asc",
        admin_only=True,
    ),
)

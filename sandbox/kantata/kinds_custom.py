"""Fields an account adds, their choices and values."""

from __future__ import annotations

from sandbox.kantata.shape import REFERENCES, STAMPS, Assoc, Kind, many, one, words

CUSTOM_KINDS = (
    Kind(
        "custom_fields",
        "custom_field",
        "CustomField",
        (
            *words(
                "name subject_type value_type api_visible read_access write_access required account_id "
                "custom_field_set_id default"
            ),
            *STAMPS,
        ),
        assocs=(
            many("choices", "custom_field_choices", back="custom_field_id"),
            one("custom_field_set", "custom_field_sets"),
            REFERENCES,
        ),
        default_order="created_at:asc",
        event="custom_field",
    ),
    Kind(
        "custom_field_sets",
        "custom_field_set",
        "CustomFieldSet",
        ("name", "subject_type", "account_id", *STAMPS),
        assocs=(many("custom_fields", "custom_fields", back="custom_field_set_id"), REFERENCES),
        event="custom_field_set",
    ),
    Kind(
        "custom_field_choices",
        "custom_field_choice",
        "CustomFieldChoice",
        ("label", "active", "position", "custom_field_id", *STAMPS),
        assocs=(REFERENCES,),
        default_order="created_at:asc",
    ),
    Kind(
        "custom_field_values",
        "custom_field_value",
        "CustomFieldValue",
        (
            *words(
                "subject_type subject_id custom_field_id custom_field_name value display_value type account_id can_edit"
            ),
            *STAMPS,
        ),
        assocs=(
            one("custom_field", "custom_fields"),
            one("setter", "users"),
            Assoc("selected_choices", "custom_field_choices", "selected_choice_ids", "selected_choice_ids", many=True),
            Assoc("subject", "", "subject_ref", "subject"),
            REFERENCES,
        ),
        orders=("subject_id", *STAMPS),
        default_order="created_at:asc",
        bulk=100,
    ),
)

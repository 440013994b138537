"""How the package says no: an error that its trigger adds, or a trigger that breaks.

Source: vendors/certinia.md, section 7.
"""

from __future__ import annotations

from sandbox.salesforce_platform.errors import ApiError


def invalid(text: str, *fields: str) -> ApiError:
    """What a trigger adds to a record, for a person to read."""
    return ApiError(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", text, fields)


def broken(trigger: str, when: str, text: str) -> ApiError:
    """What the platform makes of a trigger that throws. when: BeforeInsert, BeforeUpdate, BeforeDelete."""
    return ApiError(
        400,
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        f"pse.{trigger}: execution of {when}\n\ncaused by: {text}\n\n(pse)",
        [],
    )


def package_made(trigger: str, label: str) -> ApiError:
    return broken(trigger, "BeforeInsert", f"{label} records are created by PSA and cannot be inserted")

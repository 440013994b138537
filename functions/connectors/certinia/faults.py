"""Certinia's answers that are no success -> our faults: the platform's codes, and the package's words within them.

The only place that knows them. Source: docs/connectors/certinia.md, "Errors".
"""

from __future__ import annotations

from functions.platforms.salesforce.faults import Translator
from shared.faults import BusinessException, Fault, Throttled, Transient

FAULTS: dict[str, tuple[type[Fault], str]] = {
    "REQUEST_LIMIT_EXCEEDED": (Throttled, "psa_busy"),
    "rate_limit_exceeded": (Throttled, "psa_busy"),
    "UNABLE_TO_LOCK_ROW": (Transient, "psa_row_locked"),
    "QUERY_TIMEOUT": (Transient, "psa_query_timeout"),
    "INVALID_QUERY_LOCATOR": (Transient, "psa_cursor_expired"),
    "UNKNOWN_EXCEPTION": (Transient, "psa_unavailable"),
    "SERVER_UNAVAILABLE": (Transient, "psa_unavailable"),
    "DUPLICATE_VALUE": (BusinessException, "psa_value_exists"),
    "DUPLICATES_DETECTED": (BusinessException, "psa_duplicate_rule"),
    "REQUIRED_FIELD_MISSING": (BusinessException, "psa_field_missing"),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (BusinessException, "psa_refused"),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (BusinessException, "psa_refused"),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (BusinessException, "psa_field_not_writable"),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (BusinessException, "psa_picklist_value"),
    "STRING_TOO_LONG": (BusinessException, "psa_text_too_long"),
    "INVALID_EMAIL_ADDRESS": (BusinessException, "psa_email_invalid"),
    "INVALID_CROSS_REFERENCE_KEY": (BusinessException, "psa_reference_unknown"),
    "INVALID_FIELD": (BusinessException, "psa_field_unknown"),
    "INVALID_TYPE": (BusinessException, "psa_object_unknown"),
    "MALFORMED_QUERY": (BusinessException, "psa_request_invalid"),
    "MALFORMED_ID": (BusinessException, "psa_request_invalid"),
    "JSON_PARSER_ERROR": (BusinessException, "psa_request_invalid"),
    "MISSING_ARGUMENT": (BusinessException, "psa_request_invalid"),
    "NOT_FOUND": (BusinessException, "psa_record_missing"),
    "ENTITY_IS_DELETED": (BusinessException, "psa_record_missing"),
    "API_DISABLED_FOR_ORG": (BusinessException, "psa_api_disabled"),
    "INSUFFICIENT_ACCESS": (BusinessException, "psa_permission_missing"),
    "INSUFFICIENT_ACCESS_OR_READONLY": (BusinessException, "psa_permission_missing"),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (BusinessException, "psa_permission_missing"),
    "UNSUPPORTED_API_VERSION": (BusinessException, "psa_version_unsupported"),
    "INVALID_SESSION_ID": (BusinessException, "psa_login_refused"),
    "invalid_grant": (BusinessException, "psa_login_refused"),
    "invalid_client_id": (BusinessException, "psa_login_refused"),
    "invalid_client": (BusinessException, "psa_login_refused"),
    "invalid_client_credentials": (BusinessException, "psa_login_refused"),
    "invalid_request": (BusinessException, "psa_login_refused"),
    "inactive_user": (BusinessException, "psa_login_refused"),
    "inactive_org": (BusinessException, "psa_login_refused"),
}
"""By errorCode, statusCode, or the token endpoint's error."""

KEY_NOT_UNIQUE = (BusinessException, "psa_key_not_unique")
WRAPPED: dict[str, tuple[type[Fault], str]] = {
    "UNABLE_TO_LOCK_ROW": (Transient, "psa_row_locked"),
    "System.LimitException": (BusinessException, "psa_governor_limit"),
}
"""What the package's triggers met, by words of their message. A smaller batch may pass under the governor's limits."""

fault_of = Translator("certinia", FAULTS, not_unique=KEY_NOT_UNIQUE, wrapped=WRAPPED)

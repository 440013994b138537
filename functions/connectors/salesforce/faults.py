"""Salesforce's answers that are no success -> our faults. The only place that knows its error codes.

Source: docs/connectors/salesforce.md, "Errors".
"""

from __future__ import annotations

from functions.platforms.salesforce.faults import Translator
from shared.faults import BusinessException, Fault, Throttled, Transient

FAULTS: dict[str, tuple[type[Fault], str]] = {
    "REQUEST_LIMIT_EXCEEDED": (Throttled, "crm_limit_reached"),
    "rate_limit_exceeded": (Throttled, "crm_login_limit_reached"),
    "UNABLE_TO_LOCK_ROW": (Transient, "crm_row_locked"),
    "QUERY_TIMEOUT": (Transient, "crm_query_timeout"),
    "INVALID_QUERY_LOCATOR": (Transient, "crm_cursor_expired"),
    "UNKNOWN_EXCEPTION": (Transient, "crm_error"),
    "SERVER_UNAVAILABLE": (Transient, "crm_unavailable"),
    "DUPLICATE_VALUE": (BusinessException, "crm_value_exists"),
    "DUPLICATES_DETECTED": (BusinessException, "crm_duplicate_rule"),
    "REQUIRED_FIELD_MISSING": (BusinessException, "crm_field_missing"),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (BusinessException, "crm_validation_rule"),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (BusinessException, "crm_field_not_writable"),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (BusinessException, "crm_picklist_value"),
    "STRING_TOO_LONG": (BusinessException, "crm_text_too_long"),
    "INVALID_EMAIL_ADDRESS": (BusinessException, "crm_email_invalid"),
    "INVALID_CROSS_REFERENCE_KEY": (BusinessException, "crm_reference_unknown"),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (BusinessException, "crm_trigger_refused"),
    "INVALID_FIELD": (BusinessException, "crm_field_unknown"),
    "INVALID_TYPE": (BusinessException, "crm_object_unknown"),
    "MALFORMED_QUERY": (BusinessException, "crm_query_malformed"),
    "MALFORMED_ID": (BusinessException, "crm_id_malformed"),
    "JSON_PARSER_ERROR": (BusinessException, "crm_body_malformed"),
    "MISSING_ARGUMENT": (BusinessException, "crm_argument_missing"),
    "NOT_FOUND": (BusinessException, "crm_record_missing"),
    "ENTITY_IS_DELETED": (BusinessException, "crm_record_missing"),
    "API_DISABLED_FOR_ORG": (BusinessException, "crm_api_disabled"),
    "INSUFFICIENT_ACCESS": (BusinessException, "crm_permission_missing"),
    "INSUFFICIENT_ACCESS_OR_READONLY": (BusinessException, "crm_permission_missing"),
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": (BusinessException, "crm_permission_missing"),
    "UNSUPPORTED_API_VERSION": (BusinessException, "crm_version_unsupported"),
    "INVALID_SESSION_ID": (BusinessException, "crm_login_refused"),
    "invalid_grant": (BusinessException, "crm_login_refused"),
    "invalid_client_id": (BusinessException, "crm_login_refused"),
    "invalid_client": (BusinessException, "crm_login_refused"),
    "invalid_client_credentials": (BusinessException, "crm_login_refused"),
    "invalid_request": (BusinessException, "crm_login_refused"),
    "inactive_user": (BusinessException, "crm_login_refused"),
    "inactive_org": (BusinessException, "crm_login_refused"),
}
"""By errorCode, statusCode, or the token endpoint's error."""

KEY_NOT_UNIQUE = (BusinessException, "crm_key_not_unique")
fault_of = Translator(
    "salesforce", FAULTS, not_unique=KEY_NOT_UNIQUE, wrapped={"UNABLE_TO_LOCK_ROW": FAULTS["UNABLE_TO_LOCK_ROW"]}
)

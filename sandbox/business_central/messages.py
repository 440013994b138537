"""What the server says, in the languages it is installed with; English is answered for any other.

Never match on these: the notes say so, and the texts follow Accept-Language.
"""

from __future__ import annotations

from collections.abc import Mapping

_EN: dict[str, str] = {
    "unauthorized": "The server has rejected the client credentials.",
    "not_permitted": "The application has no permission to perform this operation on {what}.",
    "no_environment": "The environment {name} does not exist.",
    "no_company": "Cannot find a company with the id {id}.",
    "segment_unknown": "Resource not found for the segment '{name}'.",
    "syntax": "Bad Request - Error in query syntax.",
    "record_not_found": "The {what} does not exist. Identification fields and values: Id='{id}'",
    "method": "'{method}' requests for '{name}' of EdmType 'Entity' are not allowed within Microsoft Dynamics 365 "
    "Business Central OData web services.",
    "no_action": "Entity does not support the bound action '{name}'.",
    "odata": "{text}",
    "or_fields": "Invalid filter clause: unhandled OR operation on distinct fields.",
    "unreadable": "The request body cannot be read: {text}",
    "unknown_property": "The property '{name}' does not exist on type 'Microsoft.NAV.{type}'. Make sure to only use "
    "property names that are defined by the type.",
    "wrong_type": "Cannot convert the literal '{value}' to the expected type '{type}'.",
    "read_only": "Control '{name}' is read-only.",
    "deep_update": "The property '{name}' is a navigation property and cannot be changed here.",
    "too_long": "The length of the string is {length}, but it must be less than or equal to {most} characters. "
    "Value: {value}",
    "no_option": 'The value "{value}" cannot be evaluated into type Option.',
    "token_missing": "Could not validate the client concurrency token required by the service. Please provide a valid "
    "token in the client request.",
    "changed": "Another user has already changed the record.",
    "page_too_large": "The page size {size} exceeds the maximum of {most} entities.",
    "too_many_requests": "Too many requests. Actual ({actual}). Maximum ({most}).",
    "unavailable": "The service is temporarily unavailable.",
    "timeout": "The operation ran longer than allowed.",
    "server_error": "An unexpected error occurred.",
    "locked": "We can't save your changes right now, because a record in table '{table}' is being updated in a "
    "transaction done by another session.",
    "exists": "The {what} already exists. Identification fields and values: {values}",
    "no_relation": "The field {field} of table {table} contains a value ({value}) that cannot be found in the related "
    "table ({related}).",
    "manual_numbers": "You may not enter numbers manually. If you want to enter numbers manually, please activate "
    "Manual Nos. in No. Series {series}.",
    "name_needed": 'A "displayName" must be provided.',
    "name_blank": 'The blank "displayName" is not allowed.',
    "code_needed": "{what} must have a value. It cannot be zero or empty.",
    "series_needed": "{what} Nos. must have a value in {setup}: Primary Key=. It cannot be zero or empty.",
    "in_use": "You cannot delete {what} {number} because there is at least one document or entry for it.",
    "customer_needed": 'A "customerNumber" or a "customerId" must be provided.',
    "customer_unknown": "The sell-to customer cannot be found.",
    "customers_differ": "The sell-to customer values do not match to a specific Customer.",
    "bill_to_unknown": "The bill-to customer cannot be found.",
    "currency_code": 'The "currencyCode" does not match to a Currency.',
    "currency_id": 'The "currencyId" does not match to a Currency.',
    "currencies_differ": "The currency values do not match to a specific Currency.",
    "no_match": 'The "{name}" does not match to {what}.',
    "blocked": "You cannot {act} this type of document when Customer {number} is blocked with type {kind}",
    "draft_only": "The action can be applied to a draft {what} only.",
    "posted_only": "The action can be applied to a posted {what} only.",
    "already_canceled": "The {what} cannot be canceled because it has already been canceled.",
    "paid_cancel": "You cannot correct this posted sales invoice because it is fully or partially paid.",
    "memo_closed": "The invoice is closed. The corrective credit memo will not be applied to the invoice.",
    "memo_part": "The invoice is partially paid or credited. The corrective credit memo may not be fully closed by "
    "the invoice.",
    "cancel_created": "Canceling the invoice failed because of the following error: \\{text}\\A credit memo is created "
    "but not posted.",
    "cancel_posted": "Canceling the invoice failed because of the following error: \\{text}\\A credit memo is posted.",
    "posted_fixed": "You cannot change the {what} because it has been posted.",
    "no_lines": "Please add at least one line item to the {what}.",
    "no_quantity": "One or more document lines with a value in the No. field do not have a quantity specified.",
    "in_review": "Document approval is required before the document can be posted.",
    "not_in_range": "Posting Date is not within your range of allowed posting dates.",
    "external_needed": "External Document No. must have a value in Sales Header: Document Type={what}, No.={number}. "
    "It cannot be zero or empty.",
    "external_used": "Sales {what} {number} already exists for this customer.",
    "no_email": "The send-to email is empty. Specify email either for the customer or for the invoice in email preview.",
    "lines_need_document": "You must specify an Id or a Document Id to get the lines.",
    "document_fixed": 'The value for "documentId" cannot be modified.',
    "sequence_fixed": 'The value for "sequence" cannot be modified. Delete and insert the line again.',
    "number_fixed": 'The value for "lineObjectNumber" cannot be modified.',
    "item_and_account": 'Both "itemId" and "accountId" are specified. Specify only one of them.',
    "no_item": "Item does not exist.",
    "no_account": "Account does not exist.",
    "no_object": "{what} {number} does not exist.",
    "direct_posting": "Direct Posting must be equal to 'Yes'  in G/L Account: No.={number}. Current value is 'No'.",
    "no_tax_setup": "The VAT Posting Setup does not exist. Identification fields and values: VAT Bus. Posting "
    "Group='{area}',VAT Prod. Posting Group='{group}'",
    "invoice_unknown": 'The "invoiceId" does not match to an Invoice.',
    "invoices_differ": 'The "invoiceId" and "invoiceNumber" do not match to a specific Invoice.',
    "earlier_entry": "You are not allowed to apply and post an entry to an entry with an earlier posting date.",
    "dimension_parent": "You must get to the parent first to get to the dimension set line.",
    "dimension_needed": 'The "id" or "code" field must be filled in.',
    "value_needed": 'The "valueId" or "valueCode" field must be filled in.',
    "dimension_fixed": 'The "id" and "code" fields cannot be modified.',
    "dimension_exists": "The dimension set line already exists. Check existing dimension set lines and the default "
    "dimension set lines on the parent.",
    "dimension_read_only": "Parent with ID {id} does not exist or dimension set lines are read only for parent type "
    "{kind}.",
    "journal_needed": "You must specify a journal batch ID or a journal ID to get a journal line.",
    "journal_fixed": "The Journal Id cannot be changed.",
    "nothing_to_post": "There is nothing to post.",
    "out_of_balance": "The lines in Journal are out of balance by {amount}. Check that Posting Date and Amount are "
    "correct for each line of document {number}.",
    "negative_amount": 'The "amount" should be a negative number.',
    "applies_to": 'The "appliesToInvoiceId" should be the ID of an Open, Paid, Corrective, or Canceled Invoice.',
    "employee_needed": "You must specify an Employee ID or Employee number to get the time registration entries.",
    "no_time_sheet": "There is no time sheet for {date} and employee {number}.",
    "time_fixed": "Status must be equal to 'Open'  in Time Sheet Line. Current value is '{status}'.",
    "cannot_modify": "The {name} cannot be modified.",
    "url_needed": "The notificationUrl must be an absolute URL.",
    "resource_unknown": "Webhooks are not supported for the resource '{name}'.",
    "handshake": "The handshake with the notification URL failed: {text}",
    "most_subscriptions": "The maximum number of subscriptions ({most}) has been reached.",
    "subscription_unknown": "The subscription '{id}' cannot be found.",
    "subscription_exists": "A subscription of this notificationUrl to this resource already exists.",
    "batch_size": "The batch holds {count} requests, the most is {most}.",
    "batch_shape": "The body of a batch is an object with a list 'requests'.",
}
_DE: dict[str, str] = {
    "not_in_range": "Das Buchungsdatum liegt nicht im Bereich der zugelassenen Buchungsdaten.",
    "customer_needed": 'Es muss "customerNumber" oder "customerId" angegeben werden.',
    "customer_unknown": "Der Verkaufsdebitor wurde nicht gefunden.",
    "draft_only": "Die Aktion kann nur auf einen Entwurf ({what}) angewendet werden.",
    "posted_only": "Die Aktion kann nur auf einen gebuchten Beleg ({what}) angewendet werden.",
    "already_canceled": "Der Beleg ({what}) wurde bereits storniert.",
    "paid_cancel": "Diese gebuchte Verkaufsrechnung ist ganz oder teilweise bezahlt und kann nicht korrigiert werden.",
    "blocked": "Für Debitor {number} ist {kind} gesperrt; dieser Beleg ist nicht möglich.",
    "no_lines": "Fügen Sie mindestens eine Zeile hinzu ({what}).",
    "nothing_to_post": "Es gibt nichts zu buchen.",
    "changed": "Ein anderer Benutzer hat den Datensatz bereits geändert.",
    "exists": "{what} ist bereits vorhanden. Identifizierende Felder und Werte: {values}",
    "record_not_found": "{what} ist nicht vorhanden. Identifizierende Felder und Werte: Id='{id}'",
    "too_long": "Die Zeichenfolge hat {length} Zeichen, es dürfen höchstens {most} sein. Wert: {value}",
    "no_account": "Das Konto ist nicht vorhanden.",
    "no_item": "Der Artikel ist nicht vorhanden.",
}
_LANGUAGES: dict[str, Mapping[str, str]] = {"en": _EN, "de": _DE}


def text_of(message: str, language: str, facts: Mapping[str, object]) -> str:
    """language: an Accept-Language header; its first tag decides."""
    wanted = language.split(",")[0].split(";")[0].strip().lower().partition("-")[0]
    template = _LANGUAGES.get(wanted, _EN).get(message) or _EN[message]
    return template.format(**facts)

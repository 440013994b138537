"""The lists behind choice fields: id -> label."""

APPROVAL = {"1": "Pending Approval", "2": "Approved", "3": "Rejected", "11": "Open"}
INVOICE_STATUS = {"A": "Open", "B": "Paid In Full", "D": "Pending Approval", "E": "Rejected", "V": "Voided"}
CREDIT_STATUS = {"A": "Open", "B": "Fully Applied", "V": "Voided"}
PAYMENT_STATUS = {"A": "Unapproved Payment", "B": "Not Deposited", "C": "Deposited", "V": "Voided"}
ORDER_STATUS = {
    "A": "Pending Approval",
    "B": "Pending Fulfillment",
    "C": "Cancelled",
    "F": "Pending Billing",
    "G": "Billed",
}
JOB_BILLING = {
    "CB": "Charge-Based",
    "FBI": "Fixed Bid, Interval",
    "FBM": "Fixed Bid, Milestone",
    "NONE": "None",
    "TM": "Time and Materials",
}
CHARGE_STAGE = {
    "NON_BILLABLE": "Non-Billable",
    "READY_FOR_BILLING": "Ready for Billing",
    "HOLD_FOR_BILLING": "Hold for Billing",
    "PROCESSED": "Processed",
}
CHARGE_USE = {"Actual": "Actual", "Forecast": "Forecast"}
TIME_TYPE = {"A": "Actual Time", "P": "Planned Time", "B": "Budgeted Time"}
TIME_APPROVAL = {"1": "Open", "2": "Pending Approval", "3": "Approved", "4": "Rejected"}
PROJECT_TIME_APPROVAL = {"1": "Automatic", "2": "Manual"}
ITEM_TYPE = {"Service": "Service", "NonInvtPart": "Non-inventory Item"}
PRECISION = {"0": "0", "2": "2", "3": "3"}

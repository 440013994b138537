"""Customers: pk CUS#<customer id>, sk HEAD."""

from __future__ import annotations

from shared.adapters.dynamo_table import DynamoTable
from shared.adapters.sourced import DynamoSourced
from shared.domain.parties import Customer


class DynamoCustomers(DynamoSourced[Customer]):
    kind, prefix = "customer", "CUS"

    def __init__(self, table: DynamoTable) -> None:
        super().__init__(table, Customer)

"""The contracts that a run through a day invoices together with one of them."""

from __future__ import annotations

from datetime import date

from functions.processes.contract_of_day import contract_through
from shared.domain.contract import Contract, Grouping
from shared.ports.ports import Ports
from shared.usecases.one_account import Account, account_of, account_with


def account_of_day(contract: Contract, through: date, ports: Ports) -> Account:
    if contract.grouping is not Grouping.CUSTOMER or account_of(contract) is None:
        return Account((contract,))
    every = ports.contracts.by_customer(contract.legal_entity_id, contract.customer_id)
    others = (each.contract_id for each in every if each.contract_id != contract.contract_id)
    return account_with(contract, [contract_through(each, through, ports) for each in others])

"""The CRM's org: the platform with the sales package."""

from __future__ import annotations

from pathlib import Path

from sandbox.kit.run import Built
from sandbox.salesforce.control import SalesforceControl
from sandbox.salesforce.sales import SALES
from sandbox.salesforce_platform import app, identity

CAST = identity.Cast(
    my_domain="northlight",
    people={
        "integration": ("Fabric", "Integration"),
        "admin": ("Ada", "Admin"),
        "seller.us": ("Sam", "Seller"),
        "seller.de": ("Sabine", "Seller"),
    },
    run_as="seller.us",
)
CRM = app.Product("salesforce", CAST, (SALES,), SalesforceControl)


def build(state_dir: Path, base_url: str) -> Built:
    return app.build(CRM, state_dir, base_url)

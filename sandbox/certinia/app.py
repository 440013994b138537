"""The PSA's org: the platform, the standard sales objects, and the package on top of them."""

from __future__ import annotations

from pathlib import Path

from sandbox.certinia.control import PsaControl
from sandbox.certinia.psa import PSA
from sandbox.certinia.settings import PsaSettings
from sandbox.kit.run import Built
from sandbox.salesforce.sales import SALES
from sandbox.salesforce_platform import app, identity

CAST = identity.Cast(
    my_domain="northlight-psa",
    people={
        "integration": ("Fabric", "Integration"),
        "admin": ("Ada", "Admin"),
        "resourcing": ("Rita", "Resourcing"),
        "billing": ("Bert", "Billing"),
        "consultant": ("Cora", "Consultant"),
    },
    run_as="resourcing",
)
CERTINIA = app.Product("certinia", CAST, (SALES, PSA), PsaControl, PsaSettings)


def build(state_dir: Path, base_url: str) -> Built:
    return app.build(CERTINIA, state_dir, base_url)

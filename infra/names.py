"""Physical names: what an operator sees in the AWS console, and what one stack calls another's things by."""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "billweave"


@dataclass(frozen=True, slots=True)
class Names:
    """`deployment` is at most 24 characters, so that every name stays under the 64 that Lambda allows."""

    deployment: str

    def __call__(self, thing: str) -> str:
        return f"{PRODUCT}-{self.deployment}-{thing}"

    def saga(self, saga: str) -> str:
        return self(kebab(saga))

    def path(self, thing: str) -> str:
        """Of parameters and secrets."""
        return f"/{PRODUCT}/{self.deployment}/{thing}"


def variable(prefix: str, name: str) -> str:
    """("QUEUE", "salesforce-inbound") -> "BILLWEAVE_QUEUE_SALESFORCE_INBOUND"."""
    return f"{PRODUCT}_{prefix}_{name}".replace("-", "_").upper()


def camel(name: str) -> str:
    """("business_central") -> "BusinessCentral": in names of outputs, which hold letters and digits only."""
    return "".join(part.capitalize() for part in name.split("_"))


def kebab(name: str) -> str:
    """Names of stacks and buses hold no underscore."""
    return name.replace("_", "-")

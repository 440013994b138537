"""What is deployed where: one file of infra/deployments, typed and checked before anything is synthesized.

The file's name is the deployment's name: it is in every physical name, so two deployments may share an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from infra.registered import registered, systems_of
from infra.registration import Role

DIRECTORY = Path(__file__).parent / "deployments"
LOG_RETENTIONS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    3653,
)
"""The days CloudWatch Logs accepts."""

Seconds = Annotated[int, Field(ge=1)]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SellerAddress(Strict):
    """Same fields as shared.domain.parties.Address, in the legal entity's own country."""

    street: str = Field(min_length=1)
    city: str = Field(min_length=1)
    postal_code: str = Field(min_length=1)
    region: str = ""


class LegalEntitySetting(Strict):
    """Same fields as shared.domain.parties.LegalEntity. time_zone: IANA name, decides what day it is for billing."""

    legal_entity_id: str = Field(pattern=r"^[A-Z0-9]{2,12}$")
    name: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    time_zone: str
    tax_number: str
    address: SellerAddress | None = None
    iban: str | None = Field(default=None, pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")
    bic: str | None = Field(default=None, pattern=r"^[A-Z0-9]{8}([A-Z0-9]{3})?$")

    @model_validator(mode="after")
    def _zone_exists(self) -> Self:
        if self.time_zone not in available_timezones():
            raise ValueError(f"no such time zone: {self.time_zone}")
        return self


class Api(Strict):
    """issuer: URL of the identity provider, with discovery; None only where synthesis is told one by -c issuer_url.

    actor_claim: of a token, who acts by the API; the policies' `members` name people by it.
    requests_per_second, burst: of the whole API; webhook_*: of each vendor's open route.
    """

    issuer: str | None = None
    audience: str = "billweave"
    actor_claim: str = "sub"
    requests_per_second: int = 50
    burst: int = 100
    webhook_requests_per_second: int = 100
    webhook_burst: int = 200


class BillingRuns(Strict):
    """hour: local, in each legal entity's time zone. days_after: its end, a period is billed; approvals come in between."""

    hour: int = Field(ge=0, le=23)
    days_after: int = Field(default=1, ge=1, le=60)


class Alarms(Strict):
    email: str | None = None


class Timeouts(Strict):
    """Of functions, in seconds, by kind of work; a queue hides a message six times as long.

    command: must be longer than the connector's slowest vendor call with its look-up. step: under the 90 s of a state.
    """

    event: Annotated[int, Field(ge=5, le=120)] = 30
    command: Annotated[int, Field(ge=5, le=300)] = 60
    poll: Annotated[int, Field(ge=5, le=300)] = 60
    step: Annotated[int, Field(ge=5, le=85)] = 60
    schedule: Annotated[int, Field(ge=5, le=300)] = 55
    edge: Annotated[int, Field(ge=3, le=29)] = 20


class Deployment(Strict):
    """target: "embedded" leaves out what the embedded AWS lacks (the cloud_only stack) and nothing else.

    dependencies: "layer" installs locks/lambda.txt for Lambda; "preinstalled" for an AWS that runs functions in this
    project's own environment. retain: table, buckets and keys outlive the stacks. tls_only: queues, topic and buckets
    refuse plain HTTP; off only where the endpoint is on loopback. connectors: each system's own settings, handed to its
    functions as they are. polls: seconds between two reads of a feed. slots: our share of an account's concurrency;
    or account_concurrency and left_for_others, of which it is the difference.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,23}$")
    stage: Literal["sandbox", "dev", "test", "prod"]
    target: Literal["embedded", "aws"]
    region: str | None = None
    account: str | None = Field(default=None, pattern=r"^\d{12}$")
    identity_scope: str
    legal_entities: tuple[LegalEntitySetting, ...] = Field(min_length=1)
    roles: dict[Role, str]
    connectors: dict[str, dict[str, Any]]
    policies: str
    api: Api
    polls: dict[str, Seconds]
    repair_probe_seconds: Seconds = 300
    most_at_once: Annotated[int, Field(ge=2, le=1000)] = 1000
    """Bound on the concurrency of every queue but the vendors' slots, for an AWS with few cores."""
    billing_runs: BillingRuns | None = None
    """None: billing starts only when somebody asks for it."""
    timeouts: Timeouts = Timeouts()
    alarms: Alarms = Alarms()
    log_retention_days: int = 90
    dependencies: Literal["layer", "preinstalled"] = "layer"
    kms: bool = True
    retain: bool = True
    tls_only: bool = True

    @field_validator("connectors")
    @classmethod
    def _shares(cls, connectors: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {system: with_share(system, settings) for system, settings in connectors.items()}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for wrong in self._wrong_systems():
            raise ValueError(wrong)
        if self.log_retention_days not in LOG_RETENTIONS:
            raise ValueError(f"log_retention_days must be one of {LOG_RETENTIONS}")
        if self.target == "aws" and not (self.region and self.api.issuer and self.kms and self.tls_only):
            raise ValueError("on AWS region, api.issuer, kms and tls_only are needed")
        return self

    def _wrong_systems(self) -> Iterator[str]:
        """Roles, settings and polls against what is registered."""
        known = registered()
        if set(self.roles) != set(get_args(Role)):
            yield f"roles must name a system for each of {sorted(get_args(Role))}"
        for role, system in self.roles.items():
            if system not in systems_of(role):
                yield f"roles.{role}: {system} is not registered for it; there are: {', '.join(systems_of(role))}"
        if missing := set(self.roles.values()) - set(self.connectors):
            yield f"connectors must hold settings for {', '.join(sorted(missing))}: there is a role for it"
        if unknown := set(self.connectors) - set(known):
            yield f"connectors: {', '.join(sorted(unknown))} is no registered system; there are: {', '.join(known)}"
        for system in self.systems:
            feeds = known[system].feeds.items()
            if unpaced := [name for name, feed in feeds if name not in self.polls and feed.every_s is None]:
                yield f"polls must name {', '.join(unpaced)}, which {system} is read for"
        if unread := set(self.polls) - {name for each in known.values() for name in each.feeds}:
            yield f"polls: {', '.join(sorted(unread))} is a feed of no registered system"

    @property
    def systems(self) -> list[str]:
        """Those with a role here: what is deployed. `connectors` may hold settings of others."""
        return sorted(set(self.roles.values()))

    def polls_of(self, system: str) -> dict[str, int]:
        """Feed -> seconds: as `polls` says, else as the registration does."""
        feeds = registered()[system].feeds
        paced = {name: self.polls.get(name, feed.every_s) for name, feed in feeds.items()}
        return {name: seconds for name, seconds in paced.items() if seconds is not None}


def with_share(system: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """With `slots`, our share, where the account's concurrency and what is left for others are told instead.

    Both names stay with the deployment: functions only see `slots`.
    """
    ours = dict(settings)
    whole, others = ours.pop("account_concurrency", None), int(ours.pop("left_for_others", 0))
    if whole is None:
        if others:
            raise ValueError(f"{system}: left_for_others needs account_concurrency, of which it is a part")
        return ours
    if "slots" in ours:
        raise ValueError(f"{system}: slots is account_concurrency less left_for_others; name the two or the one")
    if not 0 <= others < int(whole):
        raise ValueError(f"{system}: of {whole} concurrent calls {others} cannot be left for others")
    return ours | {"slots": int(whole) - others}


def load(name: str, directory: Path = DIRECTORY, *, roles: Mapping[str, str] | None = None) -> Deployment:
    """roles: systems in place of the file's, by role. Raises FileNotFoundError, or pydantic.ValidationError naming the
    fields."""
    path = directory / f"{name}.yaml"
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in directory.glob("*.yaml")))
        raise FileNotFoundError(f"no deployment {name!r} in {directory.name}/; there are: {known}")
    written: dict[str, Any] = yaml.safe_load(path.read_text())
    return Deployment.model_validate({"name": name, **written, "roles": {**written["roles"], **(roles or {})}})

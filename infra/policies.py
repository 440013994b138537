"""What finance decides, from infra/policies/<name>.yaml: checked here, then handed to the functions as one parameter."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from infra.deployment import Deployment, LegalEntitySetting
from shared.domain.policies import Policies
from shared.usecases.check_policies import check_policies

DIRECTORY = Path(__file__).parent / "policies"
LONGEST = 8192
"""Bytes of an advanced SSM parameter."""

BOOK = TypeAdapter(Policies)


class PolicyError(ValueError):
    """The policies contradict themselves or leave a case undecided; all of it at once, one per line."""


def policies_of(deployment: Deployment, directory: Path = DIRECTORY) -> Policies:
    """The file's tables with the deployment's scope and legal entities. Raises PolicyError."""
    written: dict[str, Any] = yaml.safe_load((directory / f"{deployment.policies}.yaml").read_text())
    entities = [_entity(entity) for entity in deployment.legal_entities]
    whole = written | {"identity_scope": deployment.identity_scope, "legal_entities": entities}
    try:
        policies = BOOK.validate_json(json.dumps(whole, default=str))
    except ValidationError as exc:
        raise PolicyError(str(exc)) from exc
    if found := check_policies(policies):
        raise PolicyError("\n".join(str(each) for each in found))
    return policies


def _entity(setting: LegalEntitySetting) -> dict[str, Any]:
    told = setting.model_dump()
    return told | ({"address": told["address"] | {"country": setting.country}} if told["address"] else {})


def policies_json(deployment: Deployment) -> str:
    """Amounts and rates as strings. Raises PolicyError."""
    return json.dumps(BOOK.dump_python(policies_of(deployment), mode="json"), ensure_ascii=False, separators=(",", ":"))


def policies_parameter(deployment: Deployment) -> str:
    """`policies_json` as a parameter holds it: deflated, in base64, after "deflate:". As text it outgrew the 8 KB.

    Raises PolicyError.
    """
    packed = "deflate:" + base64.b64encode(zlib.compress(policies_json(deployment).encode(), 9)).decode()
    if len(packed) > LONGEST:
        raise PolicyError(f"policies are {len(packed)} bytes packed, a parameter holds {LONGEST}")
    return packed

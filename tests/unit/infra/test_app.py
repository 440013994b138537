from __future__ import annotations

import aws_cdk as cdk
import pytest

from infra import assets
from infra.app import NoIssuer, issuer_of, layer_of
from infra.deployment import load


def app(**context: str) -> cdk.App:
    return cdk.App(context=context, builtin_cloud_formation_validation=False)


def test_the_issuer_given_stands_in_for_the_deployments():
    assert issuer_of(app(issuer_url="http://127.0.0.1:9/"), load("example-prod-us")) == "http://127.0.0.1:9/"


def test_without_one_given_the_deployments_own_issuer_counts():
    assert issuer_of(app(), load("example-prod-us")) == "https://login.example.com/"


def test_no_issuer_at_all_is_refused():
    with pytest.raises(NoIssuer, match="-c issuer_url"):
        issuer_of(app(), load("sandbox"))


def test_the_sandbox_builds_no_layer():
    assert layer_of(load("sandbox")) == assets.marker_directory()

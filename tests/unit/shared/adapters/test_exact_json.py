"""JSON text with exact numbers."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.exact_json import exact_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_reads_back_to_the_digit(value: object) -> None:
    back = json.loads(exact_json(value), parse_float=Decimal)
    assert back == value


def test_a_trailing_zero_is_kept() -> None:
    assert exact_json({"amount": Decimal("10.50"), "big": Decimal("1E+3")}) == b'{"amount":10.50,"big":1000}'


@pytest.mark.parametrize("value", [1.5, {1, 2}, object(), Decimal("NaN"), b"bytes"])
def test_a_float_or_an_unknown_kind_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        exact_json(value)

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.identity import canonical_id, derived_id

NAMESPACE = UUID("8f1a7c0e-52a4-5d0b-9d63-0b6f5f3f2b11")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.lists(texts, min_size=1, max_size=5))
def test_a_derived_id_is_the_uuid_of_version_5_of_its_parts(parts: list[str]) -> None:
    assert derived_id(*parts) == str(uuid5(NAMESPACE, "\x1e".join(parts)))


@given(texts, texts, texts, texts)
def test_a_canonical_id_is_the_uuid_of_version_5_of_its_origin(scope: str, system: str, kind: str, origin: str) -> None:
    assert canonical_id(scope, system, kind, origin) == str(
        uuid5(NAMESPACE, "\x1f".join((scope, system, kind, origin)))
    )

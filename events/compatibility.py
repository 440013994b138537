"""A published schema changes only by a new optional field; everything else is a new version.

events/published/ holds each schema as it was last published. `python -m events.compatibility` compares the models as
they are now with it and fails on anything a reader or a stored event would notice; `--publish` makes the present
schemas the published ones, if nothing is broken. A version that nobody has received yet is withdrawn by deleting its
file there, in a commit that says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from events.generate import as_text
from events.schemas import HERE, Schema, all_schemas

PUBLISHED_DIRECTORY = HERE / "published"
_WORDS_ONLY = frozenset({"title", "description", "examples", "$comment", "$schema"})
"""Say something to people, nothing to readers of events."""


def breaks(published: Schema, present: Schema) -> list[str]:
    """Every way in which `present` is not `published` plus optional fields; each names its place. Empty: compatible."""
    return list(_compare(published, present, "", published, present))


def _compare(old: Any, new: Any, at: str, old_root: Schema, new_root: Schema) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _compare_objects(old, new, at, old_root, new_root)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _compare(before, after, f"{at}[{number}]", old_root, new_root)
    elif old != new or type(old) is not type(new):
        yield f"{at or '/'}: was {_short(old)}, is {_short(new)}"


def _compare_objects(old: Schema, new: Schema, at: str, old_root: Schema, new_root: Schema) -> Iterator[str]:
    for keyword in sorted((old.keys() | new.keys()) - _WORDS_ONLY - {"$defs"}):
        place = f"{at}/{keyword}"
        if keyword == "properties":
            yield from _compare_fields(old, new, at, old_root, new_root)
        elif keyword == "required":
            yield from _compare_required(old, new, place)
        elif keyword in ("enum", "type") and keyword in old and keyword in new:
            if _as_set(old[keyword]) != _as_set(new[keyword]):
                yield f"{place}: was {_short(old[keyword])}, is {_short(new[keyword])}"
        elif keyword not in new:
            yield f"{place}: {_short(old[keyword])} is gone"
        elif keyword not in old:
            yield f"{place}: {_short(new[keyword])} is new"
        elif keyword in ("const", "default"):
            if json.dumps(old[keyword]) != json.dumps(new[keyword]):
                yield f"{place}: was {_short(old[keyword])}, is {_short(new[keyword])}"
        else:
            yield from _compare(old[keyword], new[keyword], place, old_root, new_root)


def _compare_fields(old: Schema, new: Schema, at: str, old_root: Schema, new_root: Schema) -> Iterator[str]:
    """A field only in `new` is allowed; `required` is compared on its own and tells whether it is optional."""
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, field in before.items():
        if name not in after:
            yield f"{at}/{name}: the field is gone"
        else:
            yield from _compare(field, after[name], f"{at}/{name}", old_root, new_root)
    if after and not before and old.get("additionalProperties") is not None:
        yield f"{at}: was a map, is an object with fields"


def _compare_required(old: Schema, new: Schema, place: str) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    yield from (f"{place}: {name} is now required" for name in sorted(after - before))
    yield from (f"{place}: {name} is no longer required" for name in sorted(before - after))


def _resolved(schema: Any, root: Schema) -> Any:
    """A reference is what it refers to, so that moving a definition is no change."""
    while isinstance(schema, Mapping) and "$ref" in schema:
        target: Any = root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


def _as_set(value: Any) -> set[str]:
    return {json.dumps(each) for each in (value if isinstance(value, list) else [value])}


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def published_schemas() -> dict[str, Schema]:
    return {
        path.relative_to(PUBLISHED_DIRECTORY).with_suffix("").as_posix(): json.loads(path.read_text())
        for path in sorted(PUBLISHED_DIRECTORY.rglob("*.json"))
    }


def findings() -> dict[str, list[str]]:
    """Per published schema what broke; schemas not yet published are no finding."""
    present = all_schemas()
    found = {
        name: breaks(schema, present[name]) if name in present else ["was published and is gone"]
        for name, schema in published_schemas().items()
    }
    return {name: broken for name, broken in found.items() if broken}


def unpublished() -> list[str]:
    """New schemas, and published ones that gained an optional field."""
    published = published_schemas()
    return sorted(name for name, schema in all_schemas().items() if published.get(name) != schema)


def publish() -> list[str]:
    """Raises ValueError if anything published would break."""
    if broken := findings():
        raise ValueError(f"not published, these would break: {', '.join(broken)}")
    names, present = unpublished(), all_schemas()
    for name in names:
        path = PUBLISHED_DIRECTORY / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_text(present[name]))
    return names


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--publish", action="store_true", help="make the present schemas the published ones")
    asked = arguments.parse_args()
    broken = findings()
    for name, changes in broken.items():
        print("\n".join([f"{name} is published and would break; make a new version instead:", *changes]))
    if asked.publish and not broken:
        for name in publish():
            print(f"published {name}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

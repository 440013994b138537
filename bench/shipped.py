"""What a function finds on Lambda and nothing else: the layer's packages and boto3, which the runtime brings.

A handler's import is timed among these: in the environment of development httpx also loads its command line, with rich
and click, which do not ship.
"""

from __future__ import annotations

import re
from importlib.metadata import distribution
from pathlib import Path

from infra.assets import LOCK

OF_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "python-dateutil", "six", "urllib3")
NAMED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def names(lock: Path = LOCK) -> list[str]:
    """The distributions of the layer's lock, then the runtime's."""
    return NAMED.findall(lock.read_text()) + [*OF_THE_RUNTIME]


def link(place: Path) -> Path:
    """place: an empty directory; it becomes one that `import` can be pointed at."""
    for name in names():
        for top, real in _tops(name).items():
            if not (place / top).exists():
                (place / top).symlink_to(real)
    return place


def _tops(name: str) -> dict[str, Path]:
    found = distribution(name)
    tops = {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}
    return {top: Path(str(found.locate_file(top))) for top in tops}

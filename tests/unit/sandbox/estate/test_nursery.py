"""Workers from the nursery: their own streams and environment, the handler imported once for all of one code asset."""

from __future__ import annotations

import json
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.estate.nursery import Born, Nursery

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers start from nothing")

PROGRAM = """
import importlib, json, os, sys
sys.path.insert(0, os.getcwd())
try:
    handler = importlib.import_module("handler")
    print(json.dumps({"imported_by": handler.PID, "worker": os.getpid(), "says": handler.says()}), flush=True)
except Exception as error:
    print(json.dumps({"error": repr(error)}), flush=True)
sys.stdin.readline()
"""
HANDLER = """
import os
PID = os.getpid()
def says():
    from lately import word
    return word, os.environ["FUNCTION"]
"""


class Code:
    """A code asset as the emulator lays it out for each worker."""

    def __init__(self, place: Path, handler: str = HANDLER, word: str = "first") -> None:
        self._place, self._files = place, {"handler.py": handler, "lately.py": f"word = {word!r}"}
        self._made = 0

    def worker(self, nursery: Nursery, function: str) -> Born:
        home = self._place / f"{id(self)}-{self._made}"
        self._made += 1
        (home / "code").mkdir(parents=True)
        (home / "_worker.py").write_text(PROGRAM)
        with zipfile.ZipFile(home / "code.zip", "w") as archive:
            for name, text in self._files.items():
                archive.writestr(zipfile.ZipInfo(name), text)
                (home / "code" / name).write_text(text)
        env = {"FUNCTION": function, "PATH": os.environ["PATH"]}
        return nursery.start(str(home / "_worker.py"), str(home / "code"), env, "handler")


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def told(worker: Born) -> dict[str, object]:
    answer: dict[str, object] = json.loads(worker.stdout.readline())
    worker.stdin.close()
    assert worker.wait(10) == 0
    return answer


def test_workers_of_one_code_share_its_import_and_nothing_else(nursery: Nursery, tmp_path: Path) -> None:
    code = Code(tmp_path)
    first, second = (told(code.worker(nursery, name)) for name in ("record", "value"))
    assert first["imported_by"] == second["imported_by"] not in (first["worker"], second["worker"])
    assert first["worker"] != second["worker"]
    assert (first["says"], second["says"]) == (["first", "record"], ["first", "value"])


def test_changed_code_is_imported_anew(nursery: Nursery, tmp_path: Path) -> None:
    old, new = Code(tmp_path / "old"), Code(tmp_path / "new", word="second")
    assert told(old.worker(nursery, "record"))["says"] == ["first", "record"]
    assert told(new.worker(nursery, "record"))["says"] == ["second", "record"]


def test_a_handler_that_cannot_be_imported_fails_in_its_worker(nursery: Nursery, tmp_path: Path) -> None:
    broken = Code(tmp_path, handler="raise ValueError('no such setting')")
    assert told(broken.worker(nursery, "record")) == {"error": "ValueError('no such setting')"}


def test_a_killed_worker_is_seen_to_be_over(nursery: Nursery, tmp_path: Path) -> None:
    worker = Code(tmp_path).worker(nursery, "record")
    assert worker.poll() is None
    worker.kill()
    assert worker.wait(10) == 0
    assert worker.poll() == 0


def test_families_end_with_the_nursery(tmp_path: Path) -> None:
    nursery = Nursery()
    family = told(Code(tmp_path).worker(nursery, "record"))["imported_by"]
    nursery.close()
    for _ in range(200):
        if not Path(f"/proc/{family}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the family lives on")

"""Stacks are synthesized anew when, and only when, something they are made of changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sandbox.estate import assembly

CONTEXT = {"deployment": "sandbox", "issuer_url": "http://127.0.0.1:4"}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra/app.py").write_text("app")
    (tmp_path / "cdk.json").write_text("{}")
    monkeypatch.setattr(assembly, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, object]]:
    calls: list[Mapping[str, object]] = []

    def synthesize(outdir: Path, context: Mapping[str, object], *, log: Path) -> Path:
        outdir.mkdir()
        (outdir / "manifest.json").write_text(str(len(calls)))
        calls.append(context)
        return outdir

    monkeypatch.setattr(assembly.cdk, "synthesize", synthesize)
    return calls


def test_a_second_time_the_same_stacks_stand(tree: Path, made: list[Mapping[str, object]]) -> None:
    assert assembly.current(tree / "out", CONTEXT, tree / "log")
    assert not assembly.current(tree / "out", CONTEXT, tree / "log")
    assert made == [CONTEXT]


@pytest.mark.parametrize("changed", ["infra/app.py", "infra/new.py", "cdk.json"])
def test_a_changed_file_makes_them_anew(tree: Path, made: list[Mapping[str, object]], changed: str) -> None:
    assembly.current(tree / "out", CONTEXT, tree / "log")
    (tree / changed).write_text("other")
    assert assembly.current(tree / "out", CONTEXT, tree / "log")
    assert (tree / "out/manifest.json").read_text() == "1"


def test_another_context_makes_them_anew(tree: Path, made: list[Mapping[str, object]]) -> None:
    assembly.current(tree / "out", CONTEXT, tree / "log")
    assert assembly.current(tree / "out", CONTEXT | {"issuer_url": "http://127.0.0.1:5"}, tree / "log")
    assert len(made) == 2


def test_what_a_broken_synthesis_left_is_not_taken(
    tree: Path, made: list[Mapping[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(outdir: Path, context: Mapping[str, object], *, log: Path) -> Path:
        outdir.mkdir()
        raise RuntimeError("half of it")

    with monkeypatch.context() as broken:
        broken.setattr(assembly.cdk, "synthesize", breaks)
        with pytest.raises(RuntimeError):
            assembly.current(tree / "out", CONTEXT, tree / "log")
    assert assembly.current(tree / "out", CONTEXT, tree / "log")

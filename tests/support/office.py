"""Word documents as LibreOffice opens them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MISSING = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed"
)


def pages(documents: list[Path], work: Path) -> dict[str, int]:
    """How many pages each document has, by its name without the ending."""
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={(work / 'profile').as_uri()}",
            *("--headless", "--convert-to", "pdf", "--outdir", str(work)),
            *map(str, documents),
        ],
        env={**os.environ, "HOME": str(work)},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {
        path.stem: (work / f"{path.stem}.pdf").read_bytes().count(b"/Type/Page/")
        for path in documents
    }

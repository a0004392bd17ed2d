"""A tenth of the city on a disk that takes 50 ms for every sync: the whole bench still passes, which only group commit can."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from tests.faults.disk_tampering import needs_a_disk, tampering

pytestmark = [pytest.mark.faults, pytest.mark.long]


def test_a_tenth_of_the_city_passes_with_slow_syncs(strace: str, tmp_path: Path) -> None:
    needs_a_disk(tmp_path)
    log, figures = tmp_path / "syncs", tmp_path / "city.json"
    command = [
        sys.executable, "-m", "bench.city", "--scale", "0.1", "--folder", str(tmp_path), "--json", str(figures),
        "--server-prefix", shlex.join(tampering(strace, log, "delay_exit=50000")),
    ]  # fmt: skip
    code = subprocess.run(command, cwd=ROOT).returncode
    syncs = log.read_text().count("(DELAYED)")
    print(f"{syncs} syncs of 50 ms; exit code {code} (0: passed, 1: not, 2: void, the machine was not quiet)")
    assert syncs > 1000
    assert code == 0

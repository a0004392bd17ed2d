"""``make bench`` works from end to end, and says so where figures must not count."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench import hello, report
from bench.comparing import Row
from bench.load import Measured
from config import ROOT

RUN = Measured(good=1000, bad=0, broken=0, ran_out=0, seconds=1.0, p50=1.0, p99=2.0)


def row(*hellos: int) -> Row:
    """A row whose path always gave 1000 a second, and hello what is given."""
    return Row("sqlite", "save", "", 0.1, pairs=[(RUN, replace(RUN, good=rate)) for rate in hellos])


@pytest.mark.long
def test_every_path_runs_and_what_it_acknowledged_is_in_the_database(tmp_path: Path) -> None:
    output = tmp_path / "paths.json"
    arguments = [
        "--engine", "sqlite", "--rows", "12000", "--pairs", "1", "--seconds", "0.2", "--hello-threads", "4",
        "--python-client", "--folder", str(tmp_path), "--output", str(output),
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bench.paths", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the ratios do not count" in done.stdout
    results = json.loads(output.read_text())
    assert {row["path"] for row in results["rows"]} == {"paper", "save", "submit", "start", "board"}
    assert all(row["wrong"] == [] and row["rate"] > 0 and row["hello"] > 0 for row in results["rows"])
    assert {row["verdict"] for row in results["rows"]} == {"smoke run, does not count"}
    assert report.markdown(results).count("| sqlite |") == 5


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    assert row(10_000, 10_200, 9_900).ratio == 0.1
    assert row(10_000, 10_200, 9_900).verdict == "reached"
    assert row(10_900, 10_800, 9_900).verdict == "MISSED"


def test_how_far_hello_moved_is_seen() -> None:
    assert row(10_000, 10_000, 10_000).moved == 0
    assert round(row(9_000, 10_000, 10_600).moved, 3) == 0.16


def test_a_run_with_one_wrong_answer_has_a_fault() -> None:
    assert RUN.fault == ""
    assert "503" in replace(RUN, bad=1, example="503 busy").fault
    assert replace(RUN, broken=1).fault and replace(RUN, ran_out=1).fault


def test_hello_is_the_three_frozen_lines() -> None:
    text = Path(hello.__file__).read_text()
    assert len(text.split("\n\n")) == 2 and sum(bool(line) for line in text.splitlines()) == 3
    assert hello.app.test_client().get("/").data == b"Hello, World!"
    assert hashlib.sha256(text.encode()).hexdigest() == "247967323ea62d1fa553d61556bb5246f192930a78976dbd954a0fb43437dc33"

"""The types of questions are there before the first request: bare apps cannot load them, their texts need the full app."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

#: A process of its own, as a server just started: here other tests have loaded the types long ago.
PROGRAM = """
import sys
from pathlib import Path
from flask import Flask
from config import Settings
from run import create_app

create_app(Settings(instance=Path(sys.argv[1]), testing=True))
with Flask("bare").test_request_context():
    from questions.types.registry import type_of
    print(type_of("multiple").key)
"""


def test_a_bare_app_finds_the_types_in_a_server_just_started(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["multiple"], done.stderr

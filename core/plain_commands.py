"""What the commands share that work from files alone, without app or database: the standard library only."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterable
from typing import NoReturn, TextIO

#: Exit code: the input is not what the command takes.
NOT_TAKEN = 2


class CommandParser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, and exits with NOT_TAKEN."""

    def error(self, message: str) -> NoReturn:
        print(f"{message} (xem / see: {self.prog.removeprefix('run.py ')} --help)", file=sys.stderr)
        raise SystemExit(NOT_TAKEN)


def write(stream: TextIO, pieces: Iterable[str]) -> None:
    """Writes UTF-8 whatever the terminal's own encoding is; a reader that has gone away is no error."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        stream.writelines(pieces)
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # nor is anything written to it at exit


def write_out(text: str) -> None:
    """``text`` as a line, or as lines, of standard output."""
    write(sys.stdout, (text, "\n"))

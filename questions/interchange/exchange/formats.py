"""The formats that can be written: their name, usual extension, what they carry, and the writer. One entry a format."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from questions.interchange.exchange import aiken, free_list, gift_writing, losses, moodle_writing, qti_writing
from questions.interchange.exchange.losses import Carries, Sorted
from questions.interchange.model import OPTION_TYPES, ReadQuestion

_ESSAYS = frozenset({"essay", "situation"})
_ALL = OPTION_TYPES | _ESSAYS | {"numeric", "short_text", "matching", "ordering"}
_RICH = frozenset(
    (
        "explanation",
        "source",
        "section",
        "topic",
        "level",
        "tags",
        "feedback",
        "weights",
        "number",
        "name",
        "lines",
    )
)
_LISTED = frozenset({"explanation", "source", "section", "number", "rubric"})


@dataclass(frozen=True)
class OutFormat:
    """A format to write. ``name`` is what commands call it, ``label`` what people do."""

    name: str
    label: str
    extension: str
    media_type: str
    carries: Carries
    write: Callable[[list[ReadQuestion]], bytes]

    def sort_out(self, questions: Sequence[ReadQuestion]) -> Sorted:
        """What can be written, and what will be missing."""
        return losses.sort_out(list(questions), self.carries, self.label)


def _gift(questions: list[ReadQuestion]) -> bytes:
    return gift_writing.write(questions).encode()


def _aiken(questions: list[ReadQuestion]) -> bytes:
    return aiken.write(questions).encode()


def _text(questions: list[ReadQuestion]) -> bytes:
    return free_list.write(questions).encode()


def _json(questions: list[ReadQuestion]) -> bytes:
    document = {"questions": [question.as_json() for question in questions], "problems": []}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


FORMATS = {
    entry.name: entry
    for entry in (
        OutFormat(
            "moodle",
            "Moodle XML",
            ".xml",
            "application/xml",
            Carries(
                _ALL,
                _RICH | {"points", "rubric"},
                frozenset(
                    {"idnumber", "correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "hint", "graderinfo"}
                ),
                frozenset({"choices", "case_sensitive"}),
            ),
            moodle_writing.write,
        ),
        OutFormat(
            "gift",
            "GIFT",
            ".gift",
            "text/plain; charset=utf-8",
            Carries(_ALL - {"ordering"}, _RICH, frozenset({"idnumber"}), frozenset({"choices"})),
            _gift,
        ),
        OutFormat(
            "aiken",
            "Aiken",
            ".aiken",
            "text/plain; charset=utf-8",
            Carries(frozenset({"single", "true_false"}), most_options=26, check=aiken.refusal),
            _aiken,
        ),
        OutFormat(
            "text",
            "Văn bản thuần",
            ".txt",
            "text/plain; charset=utf-8",
            Carries(OPTION_TYPES | _ESSAYS, _LISTED, most_options=8),
            _text,
        ),
        OutFormat(
            "json",
            "JSON",
            ".json",
            "application/json",
            Carries(
                _ALL | {"cloze", "prediction", "true_false_table"},
                _RICH | {"points", "rubric", "data"},
                anything=True,
            ),
            _json,
        ),
    )
}
for _version in ("2.1", "2.2", "3.0"):
    _name = "qti" + _version.replace(".", "")
    FORMATS[_name] = OutFormat(
        _name,
        f"QTI {_version}",
        ".zip",
        "application/zip",
        Carries(_ALL, _RICH | {"points", "rubric"}, frozenset({"graderinfo"}), frozenset({"choices", "case_sensitive"})),
        partial(qti_writing.write, version_name=_version),
    )
_ALIASES = {
    "moodle_xml": "moodle",
    "xml": "moodle",
    "txt": "text",
    "qti": "qti21",
    "qti2.1": "qti21",
    "qti2.2": "qti22",
    "qti3.0": "qti30",
    "qti3": "qti30",
}
_EXTENSIONS = {entry.extension: entry.name for entry in FORMATS.values()} | {".zip": "qti21"}


def format_named(name: str) -> OutFormat | None:
    """The format called so, None where there is none."""
    name = name.strip().lower().replace("-", "_")
    return FORMATS.get(_ALIASES.get(name, name))


def format_for(path: Path) -> OutFormat | None:
    """The format that a file's extension names, None where it names none."""
    return FORMATS.get(_EXTENSIONS.get(path.suffix.lower(), ""))

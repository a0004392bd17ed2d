"""Papers, answer sheets and key sheets as A4 PDF. Every text travels as data: none ever becomes markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from contest.papers.printing.layout import SHEETS, Sheet, lines_of_options
from contest.papers.printing.model import PrintedForm, PrintedPaper, PrintedQuestion
from contest.papers.printing.words import WORDS, key_words, time_line
from core.documents.pdf import compile_pdf

_FOLDER = Path(__file__).parent
PAPER, ANSWERS, KEYS = (_FOLDER / name for name in ("paper.typ", "answers.typ", "keys.typ"))

#: "Words" longer than a column is wide get places where their line may break.
_LONG_WORD = re.compile(r"\S{36,}")


def paper(printed: PrintedPaper, form: PrintedForm, columns: int, explained: bool = False) -> bytes:
    """One form as contestants get it; ``explained``: as setters get it, with keys, sources and explanations.

    Raises PdfError.
    """
    sheet = SHEETS[columns]
    data = {
        **_head(printed, WORDS["explained"] if explained else WORDS["paper"], form.code),
        "time": time_line(printed, len(form.questions)),
        "note": _text(printed.note),
        "sheet": {
            "columns": sheet.columns,
            "size": sheet.size,
            "left": sheet.left,
            "right": sheet.right,
            "gutter": sheet.gutter,
        },
        "explained": explained,
        "questions": [_question(one, sheet, explained) for one in form.questions],
    }
    return compile_pdf(PAPER, data)


def answers(printed: PrintedPaper, form: PrintedForm | None) -> bytes:
    """The sheet on which answers to ``form`` are marked; None: one for every form, with room for the code.

    Raises PdfError.
    """
    shown = form or printed.forms[0]
    rows: list[dict[str, Any]] = []
    for question in shown.questions:
        bubbles = question.printed.bubbles or (("", ()),)
        rows.extend(
            {"number": str(question.number) if place == 0 else "", "label": label, "choices": list(choices)}
            for place, (label, choices) in enumerate(bubbles)
        )
    data = {
        **_head(printed, WORDS["sheet"], form.code if form else ""),
        "rows": rows,
        "written": any(not question.printed.bubbles for question in shown.questions),
    }
    return compile_pdf(ANSWERS, data)


def keys(printed: PrintedPaper) -> bytes:
    """The keys of every form in one table. Raises PdfError."""
    table = [[_text(key_words(question.printed.key)) for question in form.questions] for form in printed.forms]
    data = {**_head(printed, WORDS["keys"], ""), "codes": [form.code for form in printed.forms], "keys": table}
    return compile_pdf(KEYS, data)


def _head(printed: PrintedPaper, title: str, code: str) -> dict[str, Any]:
    return {
        "words": WORDS,
        "title": title,
        "committee": _text(printed.committee),
        "contest": _text(printed.contest),
        "round": _text(printed.round),
        "code": code,
    }


def _question(question: PrintedQuestion, sheet: Sheet, explained: bool) -> dict[str, Any]:
    printed = question.printed
    lines = lines_of_options(question, sheet)
    data: dict[str, Any] = {
        "number": str(question.number),
        "stem": _text(printed.stem),
        "note": "" if explained else _text(printed.note),
        "rows": [{"label": row.label, "text": _text(row.text)} for row in printed.rows],
        "columns": [] if printed.options else list(printed.columns),
        "per_line": len(lines[0]) if lines else 1,
        "options": [[o.letter, _text(o.text), explained and o.letter in printed.right] for o in printed.options],
        "lines": printed.lines,
    }
    if explained:
        data["key"] = _text(key_words(printed.key))
        data["source"] = _text(question.source)
        data["explanation"] = _text(question.explanation)
    return data


def _text(text: str) -> str:
    return _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,12}", word.group())), text)

"""The files of a printing: papers, answer sheets and keys in the wished format, packed together where there are several."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from contest.papers.printing import docx, pdf
from contest.papers.printing.model import PrintedForm, PrintedPaper


@dataclass(frozen=True)
class Renderer:
    """A format: its ending, and what makes each kind of page out of a paper."""

    ending: str
    paper: Callable[[PrintedPaper, PrintedForm, int, bool], bytes]
    answers: Callable[[PrintedPaper, PrintedForm | None], bytes]
    keys: Callable[[PrintedPaper], bytes]


RENDERERS = {
    "pdf": Renderer("pdf", pdf.paper, pdf.answers, pdf.keys),
    "docx": Renderer("docx", docx.paper, docx.answers, docx.keys),
}

#: One file (name, content).
File = tuple[str, bytes]


def files_of(printed: PrintedPaper, renderer: Renderer, columns: int, *, sheets: bool, keys: bool) -> list[File]:
    """Every file: a paper a form; one answer sheet, or one a form where forms ask in different ways; the key table, and
    each form with its keys, sources and explanations. Keys lie in a folder of their own. Raises PdfError."""
    end = renderer.ending
    made = [(f"de-thi-{form.code}.{end}", renderer.paper(printed, form, columns, False)) for form in printed.forms]
    if sheets and printed.one_sheet and len(printed.forms) > 1:
        made.append((f"phieu-tra-loi.{end}", renderer.answers(printed, None)))
    elif sheets:
        made += [(f"phieu-tra-loi-{form.code}.{end}", renderer.answers(printed, form)) for form in printed.forms]
    if keys:
        made.append((f"dap-an/dap-an.{end}", renderer.keys(printed)))
        for form in printed.forms:
            made.append((f"dap-an/giai-thich-{form.code}.{end}", renderer.paper(printed, form, columns, True)))
    return made


def packed(files: list[File]) -> File:
    """One file as it is, several as a zip. The same files give the same bytes."""
    if len(files) == 1:
        return files[0]
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return "de-thi.zip", pack.getvalue()

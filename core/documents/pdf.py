"""Makes PDF files from Typst templates: the same data gives the same bytes, on every machine.

The one typeface is TeX Gyre Termes (Times-like, with every Vietnamese letter), taken from its own package and never from
the system. A template sees nothing but its own folder and the data, which travels as JSON in ``sys.inputs.data``: no
text of people ever becomes markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FONT = "TeX Gyre Termes"
_FONT_PACKAGE = "rinoh_typeface_texgyretermes"

#: Every PDF says that it was made in the first second of 1970: a time would make equal content differ.
_TIMESTAMP = 0


class PdfError(RuntimeError):
    """A template could not be set with the data it was given."""


def font_folder() -> Path:
    """Where the typeface's files lie. Raises PdfError when its package is not installed."""
    spec = find_spec(_FONT_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise PdfError(f"the package {_FONT_PACKAGE} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


def compile_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of ``template`` (a ``.typ`` file) with ``data`` (plain JSON), A4 by the template's own word.

    The template reads it with ``#let data = json(bytes(sys.inputs.data))``. Raises PdfError.
    """
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    try:
        compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=_fonts(), ignore_system_fonts=True)
        made = compiler.compile(format="pdf", sys_inputs=inputs, timestamp=_TIMESTAMP, pdf_tags=False)
    except RuntimeError as error:
        raise PdfError(f"{template.name}: {error}") from error
    if not isinstance(made, bytes):
        raise PdfError(f"{template.name}: no single file came out")
    return made

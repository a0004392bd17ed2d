"""Legacy Word files (.doc), RTF and HTML made .docx by LibreOffice, where it is installed.

The office program runs without a window, in a folder of its own that goes with it, with a time limit, and with a fresh
profile in which macros are off (LibreOffice's default for documents of unknown origin) and links are not followed. It gets
no network from us: proxies point nowhere.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from core.documents.limits import DocumentRefused

_SECONDS = 90
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)


def converter() -> str:
    """The path of LibreOffice's program, "" where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def _profile() -> str:
    items = "\n".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    return f"{head}\n{items}\n</oor:items>\n"


def to_docx(data: bytes, ending: str, program: str | None = None, seconds: float = _SECONDS) -> bytes:
    """The .docx of a .doc, .rtf or .html (`ending`, without the dot). Raises DocumentRefused (reason "converter")."""
    found = converter() if program is None else program
    if not found:
        raise DocumentRefused(
            "Đây là tệp văn bản đời cũ (.doc, .rtf hoặc .html) và máy chủ chưa cài LibreOffice để đọc. "
            "Hãy mở bằng Word, chọn Lưu thành (Save As) .docx rồi gửi lại.",
            "converter",
        )
    try:
        with tempfile.TemporaryDirectory(prefix="hoithi-doc-", ignore_cleanup_errors=True) as folder:
            return _convert(Path(folder), data, ending, found, seconds)
    except OSError as error:
        raise DocumentRefused(
            "Không có chỗ tạm để chuyển tệp đời cũ này. Hãy mở bằng Word, lưu lại thành .docx rồi gửi lại.", "converter"
        ) from error


def _convert(folder: Path, data: bytes, ending: str, program: str, seconds: float) -> bytes:
    source = folder / f"list.{ending}"
    source.write_bytes(data)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nodefault",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    nowhere = "http://127.0.0.1:9"
    environment = {
        "PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8",
        "http_proxy": nowhere, "https_proxy": nowhere, "SAL_USE_VCLPLUGIN": "svp",
    }  # fmt: skip
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # soffice is a script that starts the true program
            process.wait()
            raise DocumentRefused(
                "Chuyển tệp đời cũ này quá lâu. Hãy mở bằng Word, lưu lại thành .docx rồi gửi lại.", "converter"
            ) from None
    made = folder / "out" / "list.docx"
    if not made.is_file():
        raise DocumentRefused(
            "LibreOffice không đọc được tệp đời cũ này (có mật khẩu hoặc đã hỏng). "
            "Hãy mở bằng Word, lưu lại thành .docx rồi gửi lại.",
            "converter",
        )
    return made.read_bytes()

"""The statistics as tables for people at a terminal, in Vietnamese. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questions.statistics.analysis import ItemStatistics, Statistics
from questions.statistics.flags import MEANINGS

_HEAD = ("Câu", "Số người", "Độ khó", "Độ phân biệt", "27 % trên – dưới", "a", "b")
_OPTIONS_HEAD = ("Câu", "Phương án", "Tỷ lệ chọn", "Điểm TB các câu còn lại")


def report(statistics: Statistics) -> str:
    """Paper, items, options and what to look at, each a table; numbers with a decimal comma."""
    parts = [_paper(statistics), _table(_HEAD, [_row(item) for item in statistics.items])]
    options = [row for item in statistics.items for row in _option_rows(item)]
    if options:
        parts.append(_table(_OPTIONS_HEAD, options) + "\n(* là đáp án)")
    looks = list(_looks(statistics.items))
    parts.append("Cần xem:\n" + "\n".join(looks) if looks else "Không có câu nào cần xem lại.")
    return "\n\n".join(parts)


def _paper(statistics: Statistics) -> str:
    paper = statistics.paper
    return (
        f"{paper.n} người, {paper.items} câu. Điểm trung bình {number(paper.mean)}, độ lệch chuẩn {number(paper.sd)}.\n"
        f"Độ tin cậy (KR-20, alpha) {number(paper.alpha)}, sai số chuẩn của phép đo {number(paper.sem)}."
    )


def _row(item: ItemStatistics) -> tuple[str, ...]:
    a, b = item.estimate or (None, None)
    figures = (item.difficulty, item.discrimination, item.upper_lower, a, b)
    return (item.id, str(item.n), *map(number, figures))


def _option_rows(item: ItemStatistics) -> Iterator[tuple[str, ...]]:
    for name, option in item.options.items():
        sign = "*" if name in item.key else ""
        yield item.id, f"{name}{sign}", number(option.share), number(option.mean_rest)


def _looks(items: Sequence[ItemStatistics]) -> Iterator[str]:
    """A line a flag, with the items that have it: what matters most first."""
    for code, meaning in MEANINGS.items():
        flagged = [item for item in items if code in item.flags]
        if len(flagged) == len(items) > 1:
            yield f"  Mọi câu: {meaning}."
        elif flagged:
            yield f"  Câu {', '.join(_named(item, code) for item in flagged)}: {meaning}."


def _named(item: ItemStatistics, code: str) -> str:
    """The item, with the options that the flag is about."""
    options = {"key_may_be_wrong": item.stronger, "unused_option": item.unused}.get(code)
    return f"{item.id} (phương án {', '.join(options)})" if options else item.id


def number(value: float | None) -> str:
    """Four decimals with a comma; a dash for what is not defined."""
    return "–" if value is None else f"{value + 0.0:.4f}".replace(".", ",")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])
        for row in (head, *rows)
    )

"""Figures for people: the table in the terminal, and the one for ``bench/README.md``."""

from __future__ import annotations

from typing import Any

HEADINGS = ("engine", "path", "requests/s", "p50 ms", "p99 ms", "ratio", "goal", "hello/s", "core busy", "")


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """A row of the table."""
    return (
        row["engine"], row["path"], f"{row['rate']:,.0f}", f"{row['p50']:.1f}", f"{row['p99']:.1f}",
        f"{row['ratio']:.3f}", f"{row['goal']:.2f}", f"{row['hello']:,.0f} ±{row['hello_moved'] / 2:.0%}",
        f"{row['server_busy']:.0%}", row["verdict"],
    )  # fmt: skip


def table(rows: list[dict[str, Any]]) -> str:
    """The table as plain text."""
    lines = [HEADINGS, *map(cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def markdown(results: dict[str, Any]) -> str:
    """The table for the README, with date, machine and what is wrong with rows."""
    machine = results["machine"]
    lines = [
        f"{results['date']}, commit {results['commit']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['system']}, {machine['disk']}; Python {machine['python']}, granian {machine['granian']}, "
        f"Flask {machine['flask']}, SQLite {machine['sqlite']}"
        + "".join(f", PostgreSQL {facts['server_version']}" for facts in results["engines"].values() if facts)
        + ".",
        f"{results['journal_rows']:,} journal rows, {results['pairs']} pairs of {results['seconds']:g} s, hello with "
        f"{results['hello_threads']} threads, load from {results['generator']}.",
        "",
        "| " + " | ".join(HEADINGS) + " |",
        "|" + "---|" * len(HEADINGS),
        *("| " + " | ".join(cells(row)) + " |" for row in results["rows"]),
    ]
    return "\n".join([*lines, *remarks(results["rows"])])


def remarks(rows: list[dict[str, Any]]) -> list[str]:
    """Why rows are void or wrong."""
    said = [(row, text) for row in rows for text in dict.fromkeys([*row["wrong"], *row["void"]])]
    return ["", *(f"- {row['engine']}, {row['path']}: {text}" for row, text in said)] if said else []

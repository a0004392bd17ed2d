"""Sheets: a paper as people see it. Keys never enter one; explanations only in a review after the round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from core.database import EngineCache, table_of
from questions.bank.models import QuestionVersion, Source, Topic
from questions.types.registry import type_of


@dataclass(frozen=True, slots=True)
class Wording:
    """An immutable question version, as marking and sheets need it."""

    id: int
    public_id: str
    type: str
    stem: str
    data: dict[str, Any]
    topic: str
    level: str
    explanation: str
    source: str


class Wordings:
    """Question versions by id, kept in memory: they never change."""

    def __init__(self, capacity: int = 20_000) -> None:
        self._cache: EngineCache[int, Wording] = EngineCache(capacity)

    def get(self, connection: Connection, ids: Sequence[int]) -> dict[int, Wording]:
        """The wordings of ``ids``; those not known yet are read over ``connection``."""
        wanted = set(ids)
        known = self._cache.store(connection.engine, len(wanted))
        missing = sorted(number for number in wanted if number not in known)
        for start in range(0, len(missing), 500):
            for wording in self._read(connection, missing[start : start + 500]):
                known[wording.id] = wording
        return {i: known[i] for i in ids}

    def _read(self, connection: Connection, ids: Sequence[int]) -> list[Wording]:
        version, topic, source = table_of(QuestionVersion).c, table_of(Topic).c, table_of(Source).c
        rows = connection.execute(
            select(
                version.id, version.public_id, version.type, version.stem, version.data, topic.name.label("topic"),
                version.level, version.explanation, version.article, version.clause, version.source_text,
                source.title, source.number,
            )
            .select_from(
                table_of(QuestionVersion).outerjoin(table_of(Topic), topic.id == version.topic_id).outerjoin(
                    table_of(Source), source.id == version.source_id
                )
            )
            .where(version.id.in_(ids))
        )
        return [
            Wording(
                row.id, row.public_id, row.type, row.stem, row.data, row.topic or "", row.level, row.explanation,
                source_line(row.clause, row.article, row.title, row.number) or row.source_text,
            )
            for row in rows
        ]


#: One store a process.
wordings = Wordings()


def source_line(clause: str, article: str, title: str | None, number: str | None) -> str:
    """"khoản 1, Điều 5, Điều lệ Đảng …": where the answer stands."""
    document = f"{title} ({number})" if title and number else title or number
    return ", ".join(part for part in (clause, article, document) if part)


def shown_options(wording: Wording, order: Sequence[int]) -> list[str]:
    """The options in the order shown; those that name others name the letters shown."""
    return list(type_of(wording.type).reworded(wording.data, order, wording.stem))


def sheet_item(wording: Wording, order: Sequence[int]) -> dict[str, Any]:
    """One question as a contestant gets it: no key, no explanation, no original order."""
    return {
        "version": wording.public_id,
        "type": wording.type,
        "topic": wording.topic,
        "stem": wording.stem,
        **type_of(wording.type).sheet(wording.data, order, wording.stem),
    }

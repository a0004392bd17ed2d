"""The files of the sample data, as typed values. Nothing here touches the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"

#: The levels of difficulty in the order in which blueprints count them.
LEVELS = ("nhận biết", "thông hiểu", "vận dụng")


@dataclass(frozen=True)
class Place:
    """A unit of the sample tree with those below it."""

    level: str
    name: str
    children: tuple[Place, ...]


@dataclass(frozen=True)
class Document:
    """A source; ``slug`` names it in the files, ``replaced_by`` is the slug of its successor."""

    slug: str
    title: str
    number: str
    issued_on: date | None
    issuer: str
    in_force_from: date | None
    in_force_until: date | None
    replaced_by: str | None


@dataclass(frozen=True)
class SampleQuestion:
    """A question as its file states it."""

    type: str
    level: str
    stem: str
    options: tuple[str, ...]
    correct: tuple[int, ...]
    document: str
    article: str
    clause: str
    explanation: str


@dataclass(frozen=True)
class QuestionFile:
    """The questions of one topic."""

    topic: str
    questions: tuple[SampleQuestion, ...]


@dataclass(frozen=True)
class Remark:
    """What somebody (a key of the accounts) said in a review."""

    by: str
    text: str


@dataclass(frozen=True)
class Unfinished:
    """A question that is not simply approved; ``stands``: draft, in_review, returned, changed."""

    stands: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class SampleAccount:
    """A member of staff; ``role`` is the key of the role."""

    role: str
    username: str
    name: str
    label: str


@dataclass(frozen=True)
class RoundPlan:
    """A round: minutes, and for each topic the number of questions of each level."""

    minutes: int
    instructions: str
    blueprint: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class ContestPlan:
    """The sample contest."""

    name: str
    introduction: str
    unit: str
    districts: tuple[str, ...]
    accounts: dict[str, SampleAccount]
    secretary: str
    deputy: str
    finished: RoundPlan
    open: RoundPlan
    unfinished: dict[str, Unfinished]


@dataclass(frozen=True)
class Names:
    """Parts of invented names, by sex: "male", "female"."""

    family: tuple[str, ...]
    middle: dict[str, tuple[str, ...]]
    given: dict[str, tuple[str, ...]]


def _read(name: str) -> Any:
    return YAML(typ="safe").load((DATA / name).read_text(encoding="utf-8"))


def read_places() -> Place:
    """The top of the sample tree."""
    return _place(_read("places.yaml"))


def _place(plain: dict[str, Any]) -> Place:
    return Place(plain["level"], plain["name"], tuple(_place(child) for child in plain.get("children", ())))


def read_documents() -> list[Document]:
    """Every source, in the order of the file."""
    return [
        Document(
            slug, d["title"], d["number"], d["date"], d["issuer"], d["in_force_from"], d["in_force_until"],
            d["replaced_by"],
        )
        for slug, d in _read("sources.yaml").items()
    ]  # fmt: skip


def read_questions() -> Iterator[QuestionFile]:
    """The files of questions, one a topic."""
    for path in sorted((DATA / "questions").glob("*.yaml")):
        plain = _read(f"questions/{path.name}")
        yield QuestionFile(plain["topic"], tuple(_question(q) for q in plain["questions"]))


def _question(plain: dict[str, Any]) -> SampleQuestion:
    source = plain["source"]
    return SampleQuestion(
        plain["type"], plain["level"], plain["stem"], tuple(plain["options"]), tuple(plain["correct"]),
        source["document"], source.get("article", ""), source.get("clause", ""), plain["explanation"],
    )  # fmt: skip


def read_names() -> Names:
    """The parts of names."""
    plain = _read("names.yaml")
    return Names(
        tuple(plain["family"]),
        {sex: tuple(parts) for sex, parts in plain["middle"].items()},
        {sex: tuple(parts) for sex, parts in plain["given"].items()},
    )


@cache
def read_plan() -> ContestPlan:
    """The sample contest's plan."""
    plain = _read("contest.yaml")
    contest, rounds = plain["contest"], plain["rounds"]
    return ContestPlan(
        name=contest["name"],
        introduction=contest["introduction"],
        unit=contest["unit"],
        districts=tuple(contest["districts"]),
        accounts={role: SampleAccount(role, **values) for role, values in plain["accounts"].items()},
        secretary=plain["positions"]["first"],
        deputy=plain["positions"]["second"],
        finished=_round(rounds["finished"]),
        open=_round(rounds["open"]),
        unfinished={
            topic: Unfinished(u["stands"], tuple(Remark(**remark) for remark in u["remarks"]))
            for topic, u in plain["unfinished"].items()
        },
    )


def _round(plain: dict[str, Any]) -> RoundPlan:
    blueprint = {topic: tuple(counts) for topic, counts in plain["blueprint"].items()}
    return RoundPlan(plain["minutes"], plain["instructions"], blueprint)

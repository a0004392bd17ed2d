"""The sample bank: documents, topics and questions, written by one person and approved by another."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from contest.demo.accounts import acting_as, staff
from contest.demo.places import unit_named
from contest.demo.reading import (
    Document,
    QuestionFile,
    SampleQuestion,
    Unfinished,
    read_documents,
    read_plan,
    read_questions,
)
from core.audit import record
from core.audit.canonical import merkle_root
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from questions.bank.content import Content
from questions.bank.models import Question, QuestionVersion, Source, Topic
from questions.bank.service import add_question, content_of_version, new_version
from questions.bank.sources import SourceFacts, change_source, create_source
from questions.bank.topics import ensure_topic
from questions.review.service import approve_many, comment, send_back, submit, submit_many

#: How long after the writing the reviewer looks at a topic's questions.
REVIEW_AFTER = timedelta(minutes=50)


def load_bank(clock: ManualClock) -> int:
    """Write and approve the sample questions of each topic that has none yet; returns how many were written.

    ``clock`` is moved on: a topic is written, then reviewed. One unit of work a topic.
    """
    sources = load_documents()
    written = 0
    for file in read_questions():
        with unit_of_work():
            topic = ensure_topic(file.topic)
            if not _has_questions(topic):
                written += _load_topic(file, topic, sources, clock)
    return written


def load_documents() -> dict[str, int]:
    """Enter every document that is not there yet; their ids by slug."""
    documents = read_documents()
    with unit_of_work(), acting_as("question_setter"):
        found = {d.slug: _find(d) or create_source(_facts(d)) for d in documents}
        for document in documents:
            successor = found[document.replaced_by] if document.replaced_by else None
            source = found[document.slug]
            if successor is not None and source.replaced_by_id != successor.id:
                change_source(source, _facts(document), successor)
        return {slug: source.id for slug, source in found.items()}


def _facts(document: Document) -> SourceFacts:
    return SourceFacts(
        document.title, document.number, document.issued_on, document.issuer, document.in_force_from,
        document.in_force_until,
    )  # fmt: skip


def _find(document: Document) -> Source | None:
    statement = select(Source).where(Source.title == document.title, Source.number == document.number)
    if document.issued_on is None:
        return db.session.scalars(statement.where(Source.issued_on.is_(None))).first()
    return db.session.scalars(statement.where(Source.issued_on == document.issued_on)).first()


def _has_questions(topic: Topic) -> bool:
    return db.session.scalars(select(QuestionVersion.id).where(QuestionVersion.topic_id == topic.id)).first() is not None


def _load_topic(file: QuestionFile, topic: Topic, sources: dict[str, int], clock: ManualClock) -> int:
    unit = unit_named(read_plan().unit)
    unfinished = read_plan().unfinished.get(file.topic)
    with acting_as("question_setter") as setter:
        questions = [add_question(unit, _content(q, topic, sources), setter) for q in file.questions]
        leaves = [[q.public_id, q.current_version.digest] for q in questions if q.current_version]
        record("question.create_many", "questions", {"count": len(leaves), "root": merkle_root(leaves)})
        odd = _odd_one(file, questions) if unfinished else None
        clock.advance(600)
        submit_many([q for q in questions if q is not odd or (unfinished and unfinished.stands == "changed")], setter)
    clock.advance(REVIEW_AFTER.total_seconds())
    with acting_as("reviewer") as reviewer:
        seen = [(q, q.current_version_id) for q in questions if q.state == "in_review"]
        approve_many([(q, version) for q, version in seen if version is not None], reviewer)
    if odd is not None and unfinished is not None:
        _leave_unfinished(odd, unfinished, clock)
    return len(questions)


def _odd_one(file: QuestionFile, questions: list[Question]) -> Question:
    """The last of the easy questions, of which the bank has most."""
    easy = [q for sample, q in zip(file.questions, questions, strict=True) if sample.level == "nhận biết"]
    return easy[-1]


def _content(sample: SampleQuestion, topic: Topic, sources: dict[str, int]) -> Content:
    return Content(
        type=sample.type,
        stem=sample.stem,
        data={"options": list(sample.options), "correct": list(sample.correct)},
        topic_id=topic.id,
        level=sample.level,
        source_id=sources[sample.document],
        article=sample.article,
        clause=sample.clause,
        explanation=sample.explanation,
    )


def _leave_unfinished(question: Question, unfinished: Unfinished, clock: ManualClock) -> None:
    """Bring ``question`` to where the plan says it stands, with what was said on the way."""
    setter = staff("question_setter")
    with acting_as("question_setter"):
        if unfinished.stands == "changed" and question.current_version is not None:
            content = content_of_version(question.current_version)
            shorter = Content(**{**vars(content), "explanation": f"{content.explanation} (Đã rà soát câu chữ.)"})
            new_version(question, shorter, setter)
        if unfinished.stands != "draft":
            clock.advance(300)
            submit(question, setter)
    for remark in unfinished.remarks:
        clock.advance(900)
        with acting_as(remark.by) as account:
            if unfinished.stands == "returned":
                send_back(question, account, remark.text)
            else:
                comment(question, account, remark.text)

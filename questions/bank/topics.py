"""Topics: a tree of what questions are about, shared by every bank."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.audit import record
from core.database import canonical, db, fold, public_id, sort_key
from questions.bank.content import BankError
from questions.bank.models import QuestionVersion, Topic

LONGEST_NAME = 120


@dataclass(frozen=True)
class Node:
    """A topic in the tree: how deep it stands (0: at the top)."""

    topic: Topic
    depth: int

    @property
    def label(self) -> str:
        """The name, set in by its depth, for a list to choose from."""
        return "– " * self.depth + self.topic.name


def topic_tree() -> list[Node]:
    """Every topic, parents before their children, siblings in Vietnamese order."""
    topics = db.session.scalars(select(Topic).order_by(Topic.sort_key, Topic.id)).all()
    children: dict[int | None, list[Topic]] = {}
    for topic in topics:
        children.setdefault(topic.parent_id, []).append(topic)
    nodes: list[Node] = []

    def add(parent: int | None, depth: int) -> None:
        for topic in children.get(parent, []):
            nodes.append(Node(topic, depth))
            add(topic.id, depth + 1)

    add(None, 0)
    return nodes


def subtree_ids(topic: Topic) -> list[int]:
    """The ids of ``topic`` and of every topic under it."""
    nodes = topic_tree()
    start = next(i for i, node in enumerate(nodes) if node.topic.id == topic.id)
    ids = [topic.id]
    for node in nodes[start + 1 :]:
        if node.depth <= nodes[start].depth:
            break
        ids.append(node.topic.id)
    return ids


def find_topic(topic_public_id: str) -> Topic | None:
    """The topic with this public id."""
    return db.session.scalar(select(Topic).where(Topic.public_id == topic_public_id))


def topic_named(name: str) -> Topic | None:
    """The topic of this name, whatever its case and accents."""
    return db.session.scalar(select(Topic).where(Topic.folded == fold(name)))


def create_topic(name: str, parent: Topic | None = None) -> Topic:
    """A new topic. Raises BankError for an empty, endless or taken name."""
    name = _checked(name, None)
    topic = Topic(
        public_id=public_id(),
        parent_id=parent.id if parent else None,
        name=name,
        folded=fold(name),
        sort_key=sort_key(name),
    )
    db.session.add(topic)
    db.session.flush()
    record("topic.create", f"topic:{topic.public_id}", {"name": name, "parent": parent.name if parent else ""})
    return topic


def ensure_topic(name: str) -> Topic:
    """The topic of this name, made where there is none."""
    return topic_named(name) or create_topic(name)


def change_topic(topic: Topic, name: str, parent: Topic | None) -> None:
    """Rename or move. Raises BankError for a bad name, or a parent that stands under the topic."""
    name = _checked(name, topic)
    if parent is not None and parent.id in subtree_ids(topic):
        raise BankError(_("Một chủ đề không thể nằm dưới chính nó."), "parent")
    before = {"name": topic.name, "parent": topic.parent_id or 0}
    topic.name, topic.folded, topic.sort_key = name, fold(name), sort_key(name)
    topic.parent_id = parent.id if parent else None
    after = {"name": topic.name, "parent": topic.parent_id or 0}
    if before != after:
        record("topic.change", f"topic:{topic.public_id}", {"before": before, "after": after})


def delete_topic(topic: Topic) -> None:
    """Take away a topic that no question and no other topic uses. Raises BankError otherwise."""
    used = db.session.scalar(select(func.count()).select_from(QuestionVersion).where(QuestionVersion.topic_id == topic.id))
    if used:
        raise BankError(_("Chủ đề này còn câu hỏi nên không bỏ được."))
    if db.session.scalar(select(func.count()).select_from(Topic).where(Topic.parent_id == topic.id)):
        raise BankError(_("Chủ đề này còn chủ đề con nên không bỏ được."))
    record("topic.delete", f"topic:{topic.public_id}", {"name": topic.name})
    db.session.delete(topic)


def _checked(name: str, own: Topic | None) -> str:
    name = canonical(name)
    if not name:
        raise BankError(_("Chưa có tên chủ đề."), "name")
    if len(name) > LONGEST_NAME:
        raise BankError(_("Tên chủ đề dài quá 120 ký tự."), "name")
    taken = topic_named(name)
    if taken is not None and (own is None or taken.id != own.id):
        raise BankError(_("Đã có chủ đề “%(name)s”.", name=taken.name), "name")
    return name

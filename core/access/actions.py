"""The permission table: which role may do which action. Pure.

A role is held for a unit and counts in that unit's whole subtree (see ``policy``).
"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Role(StrEnum):
    """What an account can be for a unit."""

    ORGANISER = "organiser"
    CLERK = "clerk"
    QUESTION_SETTER = "question_setter"
    REVIEWER = "reviewer"
    CHECKER = "checker"


class Action(StrEnum):
    """What can be done; each route names one."""

    STAFF_HOME = "staff.home"
    UNITS_VIEW = "units.view"
    UNITS_EDIT = "units.edit"
    PEOPLE_VIEW = "people.view"
    PEOPLE_EDIT = "people.edit"
    PEOPLE_IMPORT = "people.import"
    SLIPS_PRINT = "slips.print"
    ACCOUNTS_MANAGE = "accounts.manage"
    AUDIT_VIEW = "audit.view"
    JOB_VIEW = "job.view"
    JOB_CANCEL = "job.cancel"
    QUESTION_VIEW = "question.view"
    QUESTION_WRITE = "question.write"
    QUESTION_REVIEW = "question.review"
    CONTEST_VIEW = "contest.view"
    CONTEST_EDIT = "contest.edit"
    ROUND_OPEN = "round.open"
    PAPERS_MAKE = "papers.make"
    SITTING_VIEW = "sitting.view"
    SITTING_CONTROL = "sitting.control"
    LATE_DECIDE = "late.decide"
    STANDING_VIEW = "standing.view"
    STANDING_PREPARE = "standing.prepare"
    STANDING_CONFIRM = "standing.confirm"
    STANDING_PUBLISH = "standing.publish"
    STATISTICS_VIEW = "statistics.view"


_TABLE: dict[Role, frozenset[Action]] = {
    Role.ORGANISER: frozenset(
        {
            Action.STAFF_HOME,
            Action.UNITS_VIEW,
            Action.UNITS_EDIT,
            Action.PEOPLE_VIEW,
            Action.PEOPLE_EDIT,
            Action.PEOPLE_IMPORT,
            Action.SLIPS_PRINT,
            Action.ACCOUNTS_MANAGE,
            Action.AUDIT_VIEW,
            Action.JOB_VIEW,
            Action.JOB_CANCEL,
            Action.CONTEST_VIEW,
            Action.CONTEST_EDIT,
            Action.ROUND_OPEN,
            Action.PAPERS_MAKE,
            Action.SITTING_VIEW,
            Action.SITTING_CONTROL,
            Action.LATE_DECIDE,
            Action.STANDING_VIEW,
            Action.STANDING_PREPARE,
            Action.STANDING_CONFIRM,
            Action.STANDING_PUBLISH,
            Action.STATISTICS_VIEW,
        }
    ),
    Role.CLERK: frozenset(
        {
            Action.STAFF_HOME,
            Action.UNITS_VIEW,
            Action.PEOPLE_VIEW,
            Action.PEOPLE_EDIT,
            Action.PEOPLE_IMPORT,
            Action.SLIPS_PRINT,
            Action.JOB_VIEW,
            Action.CONTEST_VIEW,
        }
    ),
    Role.QUESTION_SETTER: frozenset(
        {Action.STAFF_HOME, Action.QUESTION_VIEW, Action.QUESTION_WRITE, Action.PAPERS_MAKE, Action.STATISTICS_VIEW}
    ),
    Role.REVIEWER: frozenset(
        {Action.STAFF_HOME, Action.QUESTION_VIEW, Action.QUESTION_REVIEW, Action.STATISTICS_VIEW}
    ),
    # The second person: sees the draft of a leaderboard and confirms it.
    Role.CHECKER: frozenset(
        {Action.STAFF_HOME, Action.CONTEST_VIEW, Action.STANDING_VIEW, Action.STANDING_CONFIRM}
    ),
}

_LABELS: dict[Role, LazyString] = {
    Role.ORGANISER: _l("Ban tổ chức"),
    Role.CLERK: _l("Tổ thư ký"),
    Role.QUESTION_SETTER: _l("Tổ ra đề"),
    Role.REVIEWER: _l("Tổ thẩm định"),
    Role.CHECKER: _l("Người kiểm tra kết quả"),
}

#: Actions that show the bank or the marks of others: whoever has one for a contest holds no ranked entry in it.
REVEALING = frozenset(
    {
        Action.QUESTION_VIEW,
        Action.PAPERS_MAKE,
        Action.SITTING_VIEW,
        Action.STANDING_VIEW,
    }
)


def role_allows(role: Role, action: Action) -> bool:
    """True when ``role`` includes ``action``."""
    return action in _TABLE[role]


def roles_allowing(action: Action) -> frozenset[Role]:
    """The roles that include ``action``."""
    return frozenset(role for role in Role if action in _TABLE[role])


def reveals(role: Role) -> bool:
    """True when ``role`` sees the question bank or others' marks."""
    return bool(_TABLE[role] & REVEALING)


def label_of_role(role: Role) -> LazyString:
    """What screens call ``role``."""
    return _LABELS[role]

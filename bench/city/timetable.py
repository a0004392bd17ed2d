"""What everybody will do and when, drawn before the first request: the generator waits for nobody. Pure.

Times are seconds from the bell (when the window opens); before it they are negative.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from random import Random

#: The same day each time.
SEED = "một thành phố vào thi"

#: Shares of the people who lose the network for a while, and who never press "Nộp bài".
LOSES_NETWORK = 0.02
NEVER_SUBMITS = 0.01

#: How many of the answers somebody changes later, about.
CHANGED = 0.15

#: Seconds between the last answer and "Nộp bài", at most; and before the deadline by which everybody has pressed it.
LOOKS_OVER = 20.0
BEFORE_DEADLINE = 0.03

#: Seconds from one answer to the sight of the next question, at most.
TURNS_PAGE = 1.5

DISPLAY, ANSWER = 0, 1


@dataclass(frozen=True)
class Phases:
    """How long everything takes, in seconds: people sign in during ``waiting``, press Start within ``starting`` of the bell;
    the window closes after ``window``, a sitting lasts ``minutes``; late answers are taken for ``late_minutes``; the
    network is lost for at most ``outage``."""

    waiting: float
    starting: float
    window: float
    minutes: int
    late_minutes: int
    outage: float

    @classmethod
    def of(cls, factor: float) -> Phases:
        """The day as issue and rules have it, all its times ``factor`` times as long (a round's minutes are whole)."""
        return cls(
            waiting=600.0 * factor,
            starting=60.0 * factor,
            window=600.0 * factor,
            minutes=max(1, round(8 * factor)),
            late_minutes=round(3 * factor),
            outage=180.0 * factor,
        )

    def settled(self, grace: int) -> float:
        """When the round has settled, ``grace`` being the seconds after a deadline in which answers still count."""
        return self.window + max(60 * self.late_minutes, grace)


@dataclass(frozen=True)
class Plan:
    """One person's day. ``moments``, ``acts`` and ``items`` belong together: at each moment a question is seen or answered.
    ``skill`` is the share of questions whose key the person knows; ``submit`` is None for who never presses the button."""

    number: int
    sign_in: float
    start: float
    moments: array[float]
    acts: bytes
    items: bytes
    skill: float
    submit: float | None
    outage: tuple[float, float] | None


def plan(number: int, phases: Phases, questions: int, people: int) -> Plan:
    """What person ``number`` (from 0) of ``people`` does with a paper of so many questions."""
    random = Random(f"{SEED}|{number}")
    start = random.uniform(0.0, phases.starting)
    allowed = min(60.0 * phases.minutes, phases.window - start)
    last = start + random.uniform(0.72, 1.0 - 2 * BEFORE_DEADLINE) * allowed
    first = start + min(3.0, allowed / 20)
    answered = sorted(random.uniform(first, last) for _ in range(questions))
    events = []
    for item, moment in enumerate(answered):
        seen = answered[item - 1] + random.uniform(0.0, TURNS_PAGE) if item else start
        events.append((min(seen, moment), DISPLAY, item))
        events.append((moment, ANSWER, item))
        if random.random() < CHANGED:
            events.append((random.uniform(moment, last), ANSWER, item))
    events.sort()
    submits = not _is_one_of(number, NEVER_SUBMITS, people, 1)
    end = min(last + random.uniform(0.1, 1.0) * min(LOOKS_OVER, allowed / 50), start + (1 - BEFORE_DEADLINE) * allowed)
    return Plan(
        number=number,
        sign_in=-phases.waiting * random.uniform(0.05, 0.95),
        start=start,
        moments=array("d", (event[0] for event in events)),
        acts=bytes(event[1] for event in events),
        items=bytes(event[2] for event in events),
        skill=random.betavariate(4, 2),
        submit=end if submits else None,
        outage=_outage(random, phases, first, last) if _is_one_of(number, LOSES_NETWORK, people, 0) else None,
    )


def _is_one_of(number: int, share: float, people: int, turn: int) -> bool:
    """True for an even ``share`` of the people, and for at least one of them."""
    every = min(round(1 / share), people)
    return number % every == turn % every


def _outage(random: Random, phases: Phases, first: float, last: float) -> tuple[float, float]:
    """From when to when the network is lost: back before the last answer, so that all of it can count."""
    length = min(random.uniform(phases.outage / 18, phases.outage), 0.9 * (last - first))
    begins = random.uniform(first, last - length)
    return begins, begins + length

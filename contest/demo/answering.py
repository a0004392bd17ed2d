"""How an invented contestant answers a paper: how able, how fast, how careful. Pure, and the same each time.

The chance of a right answer is the logistic function of ability less difficulty (the Rasch model), and never below
blind guessing. Every random choice comes from a generator seeded with the contestant's and the question's own words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

SEED = "hội thi mẫu 2016"

#: Difficulty of each level, on the scale of ability (mean 0, spread 1).
DIFFICULTY = {"nhận biết": -1.3, "thông hiểu": -0.6, "vận dụng": 0.2}

#: Median seconds for reading and answering a question of each level, for somebody of ordinary pace.
SECONDS = {"nhận biết": 21.0, "thông hiểu": 27.0, "vận dụng": 36.0}

#: Seconds before the end by which somebody who means to press "Nộp bài" has done so.
MARGIN = 20.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as shown to somebody: ``right`` are the shown positions of the right options among ``options``."""

    words: str
    topic: str
    level: str
    options: int
    right: tuple[int, ...]
    several: bool


@dataclass(frozen=True, slots=True)
class Temper:
    """What somebody is like. ``pace`` multiplies the time for a question; ``network`` is how many answers a request
    carries (a poor network makes it more); ``presses`` says whether they ever press "Nộp bài"; ``new_phone`` after
    which share of the questions another phone goes on, if at all."""

    key: str
    ability: float
    pace: float
    arrival: float
    network: int
    presses: bool
    new_phone: float | None


@dataclass(frozen=True, slots=True)
class Act:
    """A journal row to be: ``at`` in seconds after Start."""

    at: float
    kind: str
    item: int
    payload: Any


@dataclass(frozen=True, slots=True)
class Performance:
    """What somebody does in a sitting. ``requests`` are groups of rows sent together, in order; ``pressed`` is when they
    press "Nộp bài" and ``changes_phone`` when another phone takes over, in seconds after Start (None: never)."""

    requests: tuple[tuple[Act, ...], ...]
    pressed: float | None
    changes_phone: float | None


def temper(key: str, unit: str) -> Temper:
    """What the contestant called ``key`` of ``unit`` is like; people of one unit have something in common."""
    random = Random(f"{SEED}|{key}")
    shared = Random(f"{SEED}|{unit}").gauss(0, 0.35)
    return Temper(
        key=key,
        ability=random.gauss(0.35, 0.95) + shared,
        pace=min(1.6, max(0.55, random.lognormvariate(0, 0.28))),
        arrival=random.uniform(*random.choices(((5, 600), (600, 1900), (1900, 2700)), (70, 25, 5))[0]),
        network=1 if random.random() < 0.85 else random.randint(3, 6),
        presses=random.random() >= 0.03,
        new_phone=random.uniform(0.2, 0.8) if random.random() < 0.02 else None,
    )


def perform(who: Temper, paper: Sequence[Asked], available: float) -> Performance:
    """What ``who`` does with ``paper`` when ``available`` seconds are left from Start."""
    random = Random(f"{SEED}|{who.key}|bài")
    acts = _acts(who, paper, random)
    pressed: float | None = None
    if who.presses:
        # Who means to press it hurries where the time would not be enough.
        end = acts[-1].at + random.uniform(8, 40)
        hurry = min(1.0, (available - MARGIN) / end)
        acts = [Act(a.at * hurry, a.kind, a.item, a.payload) for a in acts]
        pressed = end * hurry
    acts = [a for a in acts if a.at < available - 1]
    changes = None if who.new_phone is None else acts[int(who.new_phone * (len(acts) - 1))].at
    return Performance(_requests(acts, who.network), pressed, changes)


def _acts(who: Temper, paper: Sequence[Asked], random: Random) -> list[Act]:
    at = random.uniform(2, 9)
    acts, later = [Act(at, "display", 0, None)], []
    for item, asked in enumerate(paper):
        if item:
            at += random.uniform(0.5, 1.5)
            acts.append(Act(at, "display", item, None))
        at += _seconds(who, asked, random)
        if random.random() < 0.08:
            acts.append(Act(at, "flag", item, True))
            later.append(item)
        if item not in later or random.random() < 0.5:
            acts.append(Act(at + 0.3, "answer", item, choose(who, asked)))
    for item in later:
        at += random.uniform(1, 3)
        acts.append(Act(at, "display", item, None))
        at += _seconds(who, paper[item], random) * 0.6
        if random.random() < 0.9:
            acts.append(Act(at, "answer", item, choose(who, paper[item], "lần hai")))
            acts.append(Act(at + 0.4, "flag", item, False))
    for item, asked in enumerate(paper):
        if random.random() < 0.05:
            at += random.uniform(4, 15)
            acts.append(Act(at, "answer", item, choose(who, asked, "sửa")))
    return acts


def _seconds(who: Temper, asked: Asked, random: Random) -> float:
    return SECONDS.get(asked.level, 27.0) * who.pace * random.lognormvariate(0, 0.35)


def chance(who: Temper, asked: Asked) -> float:
    """How likely ``who`` answers ``asked`` rightly."""
    hard = DIFFICULTY.get(asked.level, 0.0) + Random(f"{SEED}|{asked.words}").gauss(0, 0.55)
    hard += Random(f"{SEED}|{asked.topic}").gauss(0, 0.3)
    guess = 0.05 if asked.several else 1 / max(2, asked.options)
    return guess + (1 - guess) / (1 + math.exp(hard - who.ability))


def choose(who: Temper, asked: Asked, turn: str = "") -> list[int]:
    """The shown positions that ``who`` chooses; ``turn`` tells a second thought from the first."""
    random = Random(f"{SEED}|{who.key}|{asked.words}|{turn}")
    if random.random() < chance(who, asked):
        return sorted(asked.right)
    positions = range(asked.options)
    if not asked.several:
        return [random.choice([p for p in positions if p not in asked.right])]
    while True:
        chosen = sorted(random.sample(positions, random.randint(1, asked.options - 1)))
        if chosen != sorted(asked.right):
            return chosen


def _requests(acts: Sequence[Act], network: int) -> tuple[tuple[Act, ...], ...]:
    """The rows as the page sends them: the first display at once, then each answer or flag with what waits before it."""
    groups, waiting, counted = [tuple(acts[:1])], [], 0
    for act in acts[1:]:
        waiting.append(act)
        if act.kind != "display":
            counted += 1
        if counted == network:
            groups.append(tuple(waiting))
            waiting, counted = [], 0
    if waiting:
        groups.append(tuple(waiting))
    return tuple(groups)

"""The two-parameter logistic model: a person of ability t answers right with probability 1 / (1 + exp(-a (t - b))).

Estimated by marginal maximum likelihood: abilities are drawn from the standard normal distribution, D = 1. Bock and
Aitkin's EM algorithm (Psychometrika 46, 1981) over fixed equally spaced points, sped up by SQUAREM (Varadhan and
Roland, Scandinavian Journal of Statistics 35, 2008). Answers not reached leave the likelihood.

Inside, an item is logit = a t + d with d = -a b: in a and d the M-step is an ordinary logistic regression, concave.
Arrays: people P (equal answer patterns are one row with a count), items J, points Q.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from questions.statistics.responses import Score

Array = NDArray[np.float64]

LEAST_PEOPLE, LEAST_ITEMS = 30, 3
"""Two items have three free frequencies and four parameters: three are the fewest that determine them."""
LARGEST_SLOPE, LARGEST_DIFFICULTY = 6.0, 50.0
"""Estimates at or beyond these are no estimates: the likelihood rises without end, or hardly depends on b."""

_POINTS: Array = np.linspace(-6.0, 6.0, 61)
_LARGEST_INTERCEPT = 30.0
_MOVE = 1e-7
_CYCLES = 500


class Estimate(NamedTuple):
    """Slope a (how sharply the item parts people) and difficulty b (the ability at which half are right)."""

    a: float
    b: float


def two_parameter_logistic(items: Sequence[Sequence[Score]]) -> list[Estimate | None]:
    """Estimates of each item, given its scores (a place for each person, the same order in each item).

    None where the data do not determine them: all who reached the item were right, or all wrong; too few people or
    items; an estimate that runs to a bound; no convergence. Where people of high ability are more often wrong, a is
    negative.
    """
    if not items:
        return []
    return estimates_of_table(np.array([[2 if one is None else one for one in scores] for scores in items], dtype=np.uint8).T)


def estimates_of_table(table: NDArray[np.uint8]) -> list[Estimate | None]:
    """The same of a table P x J of 0, 1 and 2 (not reached, or not on that person's paper)."""
    estimates: list[Estimate | None] = [None] * table.shape[1]
    usable = np.flatnonzero((table == 0).any(axis=0) & (table == 1).any(axis=0)).tolist()
    if len(usable) < LEAST_ITEMS:
        return estimates
    table = table[:, usable]
    table = table[(table < 2).any(axis=1)]
    if len(table) < LEAST_PEOPLE:
        return estimates
    fitted = _Fit(table).run()
    if fitted is None:
        return estimates
    slopes, intercepts = fitted
    if slopes.sum() < 0:  # the scale's direction is free; more ability means more right answers
        slopes = -slopes
    for at, a, d in zip(usable, slopes.tolist(), intercepts.tolist(), strict=True):
        inside = abs(a) < LARGEST_SLOPE and abs(d) < _LARGEST_INTERCEPT and abs(d) <= LARGEST_DIFFICULTY * abs(a)
        estimates[at] = Estimate(a, -d / a) if inside and a else None
    return estimates


class _Fit:
    """EM over one table (P x J of 0, 1 and 2 for not reached). Parameters travel as one 2 x J array: a, d."""

    def __init__(self, table: NDArray[np.uint8]) -> None:
        patterns, counts = np.unique(table, axis=0, return_counts=True)
        self._right: Array = (patterns == 1).astype(np.float64)
        self._reached: Array = (patterns < 2).astype(np.float64)
        self._counts: Array = counts.astype(np.float64)
        density = np.exp(-0.5 * _POINTS**2)
        self._log_weights: Array = np.log(density / density.sum())

    def run(self) -> Array | None:
        """The parameters once an EM step moves none by 1e-7; None if that does not come about."""
        share = (self._counts @ self._right) / (self._counts @ self._reached)
        now: Array = np.stack([np.ones_like(share), np.log(share / (1 - share))])
        for _cycle in range(_CYCLES):
            first, _likelihood = self._step(now)
            second, likelihood = self._step(first)
            if np.abs(second - first).max() < _MOVE:
                return second
            now = self._leap(now, first, second, likelihood)
        return None

    def _leap(self, now: Array, first: Array, second: Array, likelihood: float) -> Array:
        """SQUAREM: from three EM points to where they lead, unless the likelihood is worse there than at the second."""
        move = first - now
        bend = second - first - move
        length = float(np.sqrt((move**2).sum() / max((bend**2).sum(), 1e-300)))
        if length <= 1:
            return second
        there = _bounded(now + 2 * length * move + length**2 * bend)
        after, likelihood_there = self._step(there)
        return after if likelihood_there >= likelihood else second

    def _step(self, parameters: Array) -> tuple[Array, float]:
        """One EM step, and the marginal log-likelihood of the parameters that it began with."""
        logits = _logits(parameters)  # J x Q
        log_joint = self._right @ logits - self._reached @ np.logaddexp(0, logits) + self._log_weights  # P x Q
        highest = log_joint.max(axis=1, keepdims=True)
        posterior = np.exp(log_joint - highest)
        norm = posterior.sum(axis=1, keepdims=True)
        likelihood = float(self._counts @ (np.log(norm) + highest)[:, 0])
        posterior *= self._counts[:, None] / norm
        right, reached = self._right.T @ posterior, self._reached.T @ posterior  # J x Q: expected numbers of people
        return _maximise(parameters, right, reached), likelihood


def _logits(parameters: Array) -> Array:
    logits: Array = parameters[0][:, None] * _POINTS + parameters[1][:, None]
    return logits


def _bounded(parameters: Array) -> Array:
    bounds = np.array([[LARGEST_SLOPE], [_LARGEST_INTERCEPT]])
    return np.clip(parameters, -bounds, bounds)


def _fit_of(parameters: Array, right: Array, reached: Array) -> Array:
    """Each item's expected log-likelihood (J)."""
    logits = _logits(parameters)
    fit: Array = (right * logits - reached * np.logaddexp(0, logits)).sum(axis=1)
    return fit


def _maximise(parameters: Array, right: Array, reached: Array) -> Array:
    """The M-step: a few of Newton's steps on every item at once, halved for the items that they would make worse."""
    fit = _fit_of(parameters, right, reached)
    for _round in range(5):
        step = _newton(parameters, right, reached)
        for _halving in range(30):
            moved = _bounded(parameters + step)
            moved_fit = _fit_of(moved, right, reached)
            worse = moved_fit < fit - 1e-12 * np.abs(fit)
            if not worse.any():
                break
            step = np.where(worse, step / 2, step)
        else:
            moved, moved_fit = np.where(worse, parameters, moved), np.where(worse, fit, moved_fit)
        change = float(np.abs(moved - parameters).max())
        parameters, fit = moved, moved_fit
        if change < _MOVE / 10:
            break
    return parameters


def _newton(parameters: Array, right: Array, reached: Array) -> Array:
    """Newton's step of each item (2 x J): the inverse of the 2 x 2 information times the gradient.

    Where a slope at its bound would go further, only the intercept moves.
    """
    chance = 1 / (1 + np.exp(-_logits(parameters)))
    surprise = right - reached * chance
    weight = reached * chance * (1 - chance)
    of_d, of_a = surprise.sum(axis=1), surprise @ _POINTS
    dd, ad, aa = weight.sum(axis=1), weight @ _POINTS, weight @ _POINTS**2
    slope = parameters[0]
    held = (np.abs(slope) >= LARGEST_SLOPE) & (of_a * slope > 0)
    of_a, ad = np.where(held, 0.0, of_a), np.where(held, 0.0, ad)
    ridge = 1e-9 * (aa + dd) + 1e-12  # keeps the step finite where an item's information vanishes
    aa, dd = aa + ridge, dd + ridge
    size = aa * dd - ad**2
    return np.stack([(dd * of_a - ad * of_d) / size, (aa * of_d - ad * of_a) / size])

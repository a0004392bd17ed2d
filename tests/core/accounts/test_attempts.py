"""Failures are counted by address and in total; who has not failed is never kept waiting."""

from __future__ import annotations

import pytest

from core.accounts.attempts import FailureCounter, address_key


def test_after_the_limit_one_waits_until_the_oldest_failure_is_past() -> None:
    counter = FailureCounter(limit=3, total=100, window=60)
    for at in (0, 10, 20):
        assert counter.wait("a", at) == 0
        counter.fail("a", at)
    assert counter.wait("a", 20) == 40
    assert counter.wait("b", 20) == 0
    assert counter.wait("a", 60) == 0


def test_success_takes_the_failures_away() -> None:
    counter = FailureCounter(limit=1, total=100, window=60)
    counter.fail("a", 0)
    counter.forget("a")
    assert counter.wait("a", 1) == 0


def test_beyond_the_total_only_those_wait_who_have_failed() -> None:
    counter = FailureCounter(limit=5, total=4, window=60)
    for at, address in enumerate("abcd"):
        counter.fail(address, at)
    assert counter.wait("a", 4) > 0
    assert counter.wait("new", 4) == 0


def test_failures_go_on_counting_while_one_waits() -> None:
    counter = FailureCounter(limit=2, total=100, window=60)
    for at in (0, 0, 50):
        counter.fail("a", at)
    assert counter.wait("a", 59) == 1
    counter.fail("a", 59)
    assert counter.wait("a", 60) == 50


def test_memory_is_bounded_and_nobody_new_is_refused() -> None:
    counter = FailureCounter(limit=1, total=10**6, window=60, max_keys=100)
    for number in range(1000):
        assert counter.wait(f"n{number}", 0) == 0
        counter.fail(f"n{number}", 0)
    assert len(counter._keys) == 100
    assert counter.wait("n999", 0) == 60
    assert counter.wait("n0", 0) == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        (None, "?"),
        ("unix", "unix"),
    ],
)
def test_one_household_of_ipv6_is_one_address(address: str | None, key: str) -> None:
    assert address_key(address) == key

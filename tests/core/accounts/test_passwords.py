"""Staff passwords: hashed with argon2id, long enough, not the first that a guesser tries."""

import pytest

from core.accounts import passwords
from core.accounts.passwords import Weakness, hash_password, is_outdated, is_right, new_password, weakness_of


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords._hasher)
    monkeypatch.setattr(passwords, "_nobody", passwords._nobody)
    passwords.cheap_for_tests()


def test_the_right_password_fits_and_another_does_not() -> None:
    stored = hash_password("nắng sớm Thanh Trì")
    assert stored.startswith("$argon2id$") and "nắng" not in stored
    assert is_right(stored, "nắng sớm Thanh Trì")
    assert not is_right(stored, "nắng sớm Thanh Tri")


def test_without_an_account_or_with_a_broken_hash_nothing_fits() -> None:
    assert not is_right(None, "nobody")
    assert not is_right("!", "bất kỳ")


def test_a_cheaper_hash_is_seen_to_be_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    stored = hash_password("nắng sớm Thanh Trì")
    assert not is_outdated(stored)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    assert is_outdated(stored)


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("ngắn quá", Weakness.TOO_SHORT),
        ("x" * 201, Weakness.TOO_LONG),
        ("huyen.thanhtri1", Weakness.LIKE_NAME),
        ("Mật khẩu 123", Weakness.COMMON),
        ("1234567890", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("cây đa bến nước sân đình", None),
    ],
)
def test_what_a_new_password_must_be(password: str, weakness: Weakness | None) -> None:
    assert weakness_of(password, "huyen.thanhtri") is weakness


def test_a_password_made_for_somebody_is_strong_and_new_each_time() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(weakness_of(password, "an") is None for password in made)

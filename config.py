"""Every setting of the platform, typed, from the environment (``HOITHI_*``) or a ``.env`` file.

Nothing else in the code base reads ``os.environ``. Defaults are safe: loopback only, secure cookies whenever the
public address is https, secrets made at the first start and kept in files of mode 0600.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent

#: Address families on which demo accounts may be offered.
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names the variable."""


@dataclass(frozen=True)
class Settings:
    """The settings of one process.

    ``instance`` is the folder of everything that is made at run time: database file, keys, uploads, demo passwords.
    ``trusted_proxies`` is the number of reverse proxies in front whose ``X-Forwarded-*`` headers count (0: none).
    Times of life are in seconds, sizes in bytes.
    """

    instance: Path = field(default_factory=lambda: ROOT / "instance")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 5000
    public_url: str = ""
    trusted_proxies: int = 0
    threads: int = 64  # a group commit carries at most as many saves as there are threads waiting for it
    hotline: str = "024 0000 0000"
    max_upload: int = 26 * 1024 * 1024  # the largest document (core.documents.limits) and the form around it
    session_lifetime: int = 12 * 3600
    testing: bool = False
    rate_limits: bool = True

    @property
    def sqlalchemy_url(self) -> str:
        """The database address for SQLAlchemy; a file in ``instance`` when none is set."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'hoithi.sqlite'}"
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def base_url(self) -> str:
        """The address people type or scan, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def listens_on_loopback(self) -> bool:
        """True when only this machine can reach the server; demo accounts depend on it."""
        public = urlsplit(self.public_url).hostname if self.public_url else None
        return self.host in LOOPBACK_HOSTS and (public is None or public in LOOPBACK_HOSTS)


def _integer(values: dict[str, str | None], name: str, default: int) -> int:
    text = values.get(name)
    if text in (None, ""):
        return default
    try:
        return int(text or "")
    except ValueError:
        raise SettingError(f"{name} phải là số nguyên, không phải {text!r}.") from None


def load_settings(environment: dict[str, str] | None = None) -> Settings:
    """Read the settings from ``environment`` (default: the process's own) over those of ``.env``.

    Raises SettingError where a value cannot be used.
    """
    values: dict[str, str | None] = {}
    if environment is None:
        values.update(dotenv_values(ROOT / ".env"))
        environment = dict(os.environ)
    values.update(environment)
    base = Settings()
    instance = values.get("HOITHI_INSTANCE")
    return Settings(
        instance=Path(instance).resolve() if instance else base.instance,
        database_url=values.get("HOITHI_DATABASE_URL") or "",
        host=values.get("HOITHI_HOST") or base.host,
        port=_integer(values, "HOITHI_PORT", base.port),
        public_url=values.get("HOITHI_PUBLIC_URL") or "",
        trusted_proxies=_integer(values, "HOITHI_TRUSTED_PROXIES", base.trusted_proxies),
        threads=_integer(values, "HOITHI_THREADS", base.threads),
        hotline=values.get("HOITHI_HOTLINE") or base.hotline,
        max_upload=_integer(values, "HOITHI_MAX_UPLOAD", base.max_upload),
        session_lifetime=_integer(values, "HOITHI_SESSION_LIFETIME", base.session_lifetime),
    )

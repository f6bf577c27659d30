"""Reads settings from the environment. A wrong value stops the start with one line that names it.

``NAME_FILE`` may hold the path of a file that holds the value (a secret of the container), instead of ``NAME``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import environ

Value = TypeVar("Value")

_env = environ.FileAwareEnv()
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off", "")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
EMAIL_SCHEMES = ("smtp", "smtp+tls", "smtp+ssl", "dummymail", "filemail")
BROKER_SCHEMES = ("redis", "rediss")


def stop(name: str, complaint: object) -> NoReturn:
    """End the process with exit code 1 and one line on standard error."""
    sys.exit(f"{name}: {' '.join(str(complaint).split())}")


def load_file(path: Path) -> None:
    """Take over ``NAME=value`` lines of a file; what the environment holds already wins."""
    if not path.exists():
        return
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        stop(str(path), error)
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#") and "=" not in line:
            stop(f"{path}, line {number}", "is not of the form NAME=value")
    environ.Env.read_env(path)


def read(name: str, default: str, parse: Callable[[str], Value]) -> Value:
    """The parsed value of a variable; ``parse`` raises `ValueError` with the sentence to show."""
    try:
        text = _env.str(name, default="").strip() or default
    except OSError as error:
        stop(f"{name}_FILE", error)
    try:
        return parse(text)
    except ValueError as error:
        stop(name, error)


def flag(text: str) -> bool:
    """A yes or no."""
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(f"{text!r} is neither yes nor no (write 1 or 0)")


def seconds(text: str) -> int:
    """A number of seconds, at least two."""
    if not text.isascii() or not text.isdigit() or int(text) < 2:
        raise ValueError(f"{text!r} is no number of seconds (write 2 or more)")
    return int(text)


def instant(text: str) -> datetime | None:
    """An instant with its offset from UTC, or none."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an instant (write 2024-07-03T10:00:00+06:00)") from None
    if at.tzinfo is None:
        raise ValueError(f"{text!r} lacks its offset from UTC (write {text}+06:00)")
    return at


def folder(text: str) -> Path:
    """A folder, absolute; it need not exist yet."""
    if not text:
        raise ValueError("is empty (write the path of a folder)")
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} is not a folder")
    return path


def made_folder(text: str) -> Path:
    """A folder that exists afterwards and can be written."""
    path = folder(text)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{path} cannot be made: {error.strerror}") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ValueError(f"{path} cannot be written by this user")
    return path


def address(text: str) -> str:
    """The portal's public address: scheme and host, without a path."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"{text!r} is not the address of a site (write https://portal.example)")
    _ = parts.port  # raises ValueError for a port that is no number
    return text.rstrip("/")


def database(text: str) -> dict[str, Any]:
    """A database: ``sqlite:///PATH`` or ``postgres://USER:PASSWORD@HOST:PORT/NAME``."""
    scheme = text.split(":")[0]
    if scheme not in DATABASE_SCHEMES:
        raise ValueError(f"unknown kind of database {scheme!r} (write sqlite:///PATH or postgres://USER@HOST/NAME)")
    try:
        parsed: dict[str, Any] = environ.Env.db_url_config(text)
    except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
        raise ValueError(f"cannot be read: {error}") from None
    if not parsed.get("NAME"):
        raise ValueError("names no database")
    return parsed


def broker(text: str) -> str:
    """Where messages to workers wait: ``filesystem://`` or ``redis://HOST:PORT/N``."""
    parts = urlsplit(text)
    if text == "filesystem://" or (parts.scheme in BROKER_SCHEMES and parts.hostname):
        return text
    raise ValueError(f"unknown broker {parts.scheme or text!r} (write filesystem:// or redis://HOST:PORT/0)")


def email(text: str) -> dict[str, Any]:
    """Django's settings of a mail server: ``smtp+tls://USER:PASSWORD@HOST:PORT``, or ``dummymail://`` for none."""
    if urlsplit(text).scheme not in EMAIL_SCHEMES:
        raise ValueError(
            f"unknown kind of mail server {text.split(':')[0]!r} (write smtp+tls://USER:PASSWORD@HOST:PORT)"
        )
    parsed: dict[str, Any] = environ.Env.email_url_config(text)
    return {key: value for key, value in parsed.items() if key.startswith("EMAIL_")}


def hosts(text: str) -> list[str]:
    """Host names, separated by commas."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or any("/" in name or " " in name for name in names):
        raise ValueError(f"{text!r} is not a list of host names (write portal.example,www.portal.example)")
    return names


def secret(text: str) -> str:
    """A long random secret, or nothing."""
    if text and (len(text) < 50 or len(set(text)) < 10):
        raise ValueError("is too short to be a secret (50 random characters or more)")
    return text

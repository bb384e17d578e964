"""Start-up checks: refuse to start with missing, malformed or unsafe settings, and report all of them at once."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import chain
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError
from environs import ValidationError as EnvValueError

from audit.clock import ClockError
from prevent_tracker.malformed_settings import EXAMPLES, malformed
from prevent_tracker.setting_files import UNREADABLE
from prevent_tracker.setting_values import Lines, Values
from prevent_tracker.unsafe_settings import unsafe


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Exit with a plain message instead of a traceback if the process must not start or write."""
    try:
        yield
    except (ImproperlyConfigured, ClockError) as error:
        sys.exit(str(error))


def network(text: str) -> IPv4Network | IPv6Network:
    """Parse a network, raising the error that `environs` collects."""
    try:
        return ip_network(text)
    except ValueError as error:
        raise EnvValueError(str(error)) from error


def refuse_unfit(env: Env, values: Values) -> None:
    """Stop start-up with one line for each unfit setting.

    Args:
        env: the reader of the settings, which has collected its errors.
        values: the settings by name.

    Raises:
        ImproperlyConfigured: a setting is missing, malformed or, in production, unsafe.
    """
    checks = [_unreadable(env), malformed(values)]
    if values["MODE"] not in {"demo", "test"}:
        checks.append(unsafe(values))
    lines: dict[str, str] = {}
    for name, words in chain.from_iterable(checks):
        lines.setdefault(name, words)
    if lines:
        listed = "".join(f"\n- {name} {words}" for name, words in lines.items())
        raise ImproperlyConfigured(f"Prevent Tracker cannot start with these settings:{listed}")


def _unreadable(env: Env) -> Lines:
    try:
        env.seal()
    except EnvValidationError as error:
        errors: Any = error.error_messages
        for name, messages in errors.items():
            if UNREADABLE in str(messages):
                yield name, messages[0]
            elif "not set" in str(messages):
                yield name, "must be set"
            else:
                yield name, EXAMPLES.get(name) or f"cannot be read: {_first(messages)}"


def _first(messages: Any) -> str:
    """Return the first message of a parser, which may be nested in lists or dictionaries."""
    while not isinstance(messages, str):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages[:1].lower() + messages[1:].rstrip(".")

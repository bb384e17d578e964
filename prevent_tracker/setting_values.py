"""What the values of settings can be: keys, addresses, servers."""

import base64
import binascii
import math
import os
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from psycopg import pq

SIGNING_KEY_BYTES = 32
ENTROPY_BITS = 128
SMTP = "django.core.mail.backends.smtp.EmailBackend"
POSTGRESQL, SQLITE = "django.db.backends.postgresql", "django.db.backends.sqlite3"
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})
UNENCRYPTED = frozenset({"disable", "allow", "prefer"})
# Beside those of libpq, which `pq.Conninfo` lists.
DRIVER_OPTIONS = frozenset(
    {"assume_role", "isolation_level", "pool", "prepare_threshold", "server_side_binding"}
)
REDIS = frozenset({"redis", "rediss"})
HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*", re.IGNORECASE
)
NAMED_ADDRESS = re.compile(r"[^<>\r\n]*<([^<>\s]+)>")

Values = Mapping[str, Any]
Lines = Iterator[tuple[str, str]]
"""The name of a setting, and what it must be."""


def is_guessable(value: Sequence[Hashable]) -> bool:
    """Return whether a key is too regular to be random: repetitive, or with too few different characters or bytes."""
    size = len(value)
    period = next((n for n in range(1, size) if value[n:] == value[:-n]), size)
    counts = Counter(value[:period]).values()
    bits = -sum(count * math.log2(count / period) for count in counts)
    return bits < ENTROPY_BITS


def decoded_key(key: str) -> bytes | None:
    """Return the bytes of an Ed25519 key in base64; None if it is no such key."""
    try:
        decoded = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if len(decoded) == SIGNING_KEY_BYTES else None


def is_host(name: str) -> bool:
    """Return whether this can be a host name, an IP address, or the folder of a socket."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return name.startswith("/") or bool(HOST.fullmatch(name))


def is_port(text: str) -> bool:
    """Return whether this is the number of a port."""
    return text.isascii() and text.isdigit() and 0 < int(text) < 65536


def is_origin(address: str) -> bool:
    """Return whether this is an origin: only a scheme, host and port."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = address == f"{parts.scheme}://{parts.netloc}" and "@" not in address and address[-1] != ":"
    return plain and parts.scheme in {"http", "https"} and bool(host) and is_host(str(host))


def is_mail_address(text: str) -> bool:
    """Return whether this can be a sender: an email address, or a name and an address in angle brackets."""
    named = NAMED_ADDRESS.fullmatch(text)
    try:
        validate_email(named[1] if named else text)
    except ValidationError:
        return False
    return True


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.startswith(("/", "@")) or host.lower() == "localhost"


def is_database(database: Values) -> bool:
    known = database["ENGINE"] in {POSTGRESQL, SQLITE} and bool(database["NAME"])
    return known and all(map(is_host, database_hosts(database))) and _has_known_options(database)


def _has_known_options(database: Values) -> bool:
    """Return whether PostgreSQL's driver knows the options; with another it refuses every connection."""
    options = database.get("OPTIONS", {}) if database["ENGINE"] == POSTGRESQL else {}
    known = DRIVER_OPTIONS | {each.keyword.decode() for each in pq.Conninfo.get_defaults()}
    return options.keys() <= known and options.get("sslmode", "prefer") in ENCRYPTED | UNENCRYPTED


def database_hosts(database: Values) -> list[str]:
    """Return the hosts of a PostgreSQL server; none for the default socket or an SQLite file."""
    options = database.get("OPTIONS", {})
    texts = [
        database["HOST"] if database.get("HOST") else options.get("host") or os.environ.get("PGHOST", "")
    ]
    texts += [options.get("hostaddr") or "", options.get("service") or ""]
    return (
        [host for text in texts for host in str(text).split(",") if host]
        if database["ENGINE"] == POSTGRESQL
        else []
    )


def is_mail_server(mail: Values) -> bool:
    if mail.get("EMAIL_BACKEND") != SMTP:
        return "EMAIL_BACKEND" in mail
    return is_host(mail["EMAIL_HOST"] or "")


def redis_servers(values: Values) -> list[str]:
    """Return the addresses; Django's cache accepts several."""
    return [url for url in re.split(r"[;,]", values["RATE_LIMIT_CACHE_URL"]) if url]


def is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return (
        parts.path.startswith("/")
        if parts.scheme == "unix"
        else parts.scheme in REDIS and is_host(host or "")
    )


def is_scanner(url: str) -> bool:
    """Return whether this is the address of a clamd."""
    path = url.removeprefix("unix://")
    return path.startswith("/") if path != url else is_address(url, "tcp")


def is_address(url: str, scheme: str) -> bool:
    """Return whether this names a host, and perhaps a port, and nothing else."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme == scheme and is_host(host or "") and not parts.path

"""Start-up checks: refuse to start with missing, malformed or unsafe settings, and report all of them at once."""

import base64
import binascii
import math
import os
import re
import sys
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environs import Env, EnvValidationError
from environs import ValidationError as EnvValueError
from psycopg import pq

from audit.clock import ClockError
from desk.backups.encryption import is_recipient
from prevent_tracker.error_reports import is_dsn
from prevent_tracker.logs import FORMATS
from prevent_tracker.setting_files import UNREADABLE

MODES = frozenset({"production", "demo", "test"})
WITH_SECOND_FACTOR = ("all", "privileged")
SECRET_KEY_LENGTH = 50
SIGNING_KEY_BYTES = 32
ENTROPY_BITS = 128
# Uploads stop at this size (web.uploads.CappedUploadHandler).
LARGEST_UPLOAD = 64 * 1024 * 1024
RANGES = {
    "CLOCK_TOLERANCE_SECONDS": (1, 3600),
    "EVIDENCE_MAX_BYTES": (1, LARGEST_UPLOAD),
    "IMPORT_MAX_BYTES": (1, LARGEST_UPLOAD),
    "RETURN_MAX_BYTES": (1, 1 << 30),
    "ACCESS_TOKEN_SECONDS": (1, 86_400),
    "WEBHOOK_KEEP_DAYS": (1, 3650),
    "TRUSTED_PROXIES": (1, 100),
    "FILE_PARSER_SECONDS": (0, 600),
    "FILE_PARSER_MEMORY_MB": (256, 65_536),
    "DISK_FREE_BYTES": (0, 1 << 50),
    "DATABASE_CONNECT_SECONDS": (1, 600),
    "DATABASE_LOCK_SECONDS": (0, 3600),
    "DATABASE_STATEMENT_SECONDS": (0, 86_400),
    "DATABASE_IDLE_SECONDS": (0, 86_400),
    "SIGN_IN_FAILURES_PER_ADDRESS": (1, 100_000),
    "SIGN_IN_FAILURES_PER_ACCOUNT": (1, 100_000),
}
LONGEST_ESCALATION_DAYS = 366
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
# The parsers' own messages repeat the value, and an address contains a password.
EXAMPLES = {
    "DATABASE_URL": "must be an address such as postgresql://user:password@host:5432/name",
    "EMAIL_URL": "must be an address such as submission://user:password@host:587",
    "WEBHOOK_ALLOWED_NETWORKS": "must be networks such as 10.1.0.0/16,fd00:1::/64",
    "ESCALATE_AFTER_DAYS": "must be three numbers of days, such as 1,7,7",
    "ESCALATE_RETURNS_AFTER_DAYS": "must be three numbers of days, such as 1,2,2",
}
WITHOUT_TLS = "must use TLS, or name a host in PRIVATE_HOSTS: {} is not this machine"

Values = Mapping[str, Any]
Lines = Iterator[tuple[str, str]]


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
    checks = [_unreadable(env), _malformed(values)]
    if values["MODE"] not in {"demo", "test"}:
        checks.append(_unsafe(values))
    lines: dict[str, str] = {}
    for name, words in chain.from_iterable(checks):
        lines.setdefault(name, words)
    if lines:
        listed = "".join(f"\n- {name} {words}" for name, words in lines.items())
        raise ImproperlyConfigured(f"Prevent Tracker cannot start with these settings:{listed}")


def is_guessable(value: Sequence[Hashable]) -> bool:
    """Return whether a key is too regular to be random: repetitive, or with too few different characters or bytes."""
    size = len(value)
    period = next((n for n in range(1, size) if value[n:] == value[:-n]), size)
    counts = Counter(value[:period]).values()
    bits = -sum(count * math.log2(count / period) for count in counts)
    return bits < ENTROPY_BITS


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


def _malformed(values: Values) -> Lines:
    if values["MODE"] not in MODES:
        yield "MODE", f"must be production, demo or test, not {values['MODE']!r}"
    for name, (least, most) in RANGES.items():
        value = values["DATABASE_LIMITS"].get(name, values.get(name))
        if value is not None and not least <= value <= most:
            yield name, f"must be a whole number from {least} to {most}"
    limits = (values["API_READS_PER_MINUTE"], values["API_WRITES_PER_MINUTE"])
    if min((limit for limit in limits if limit is not None), default=1) < 1:
        yield "API_READS_PER_MINUTE", "and API_WRITES_PER_MINUTE must be 1 or more"
    if values["SMALL_NUMBERS_UP_TO"] < 1:
        yield "SMALL_NUMBERS_UP_TO", "must be 1 or more"
    for name in ("ESCALATE_AFTER_DAYS", "ESCALATE_RETURNS_AFTER_DAYS"):
        days = values[name]
        if days is not None and (
            len(days) != 3 or not 1 <= min(days) <= max(days) <= LONGEST_ESCALATION_DAYS
        ):
            yield name, f"{EXAMPLES[name]}, each from 1 to {LONGEST_ESCALATION_DAYS}"
    if values["MFA_REQUIRED"] not in (*WITH_SECOND_FACTOR, "none"):
        yield "MFA_REQUIRED", "must be all, privileged or none"
    yield from _malformed_keys(values)
    yield from _malformed_addresses(values)
    yield from _malformed_servers(values)


def _malformed_keys(values: Values) -> Lines:
    if values["SECRET_KEY"] == "":
        yield "SECRET_KEY", "must be set"
    if values["LEDGER_SIGNING_KEY"] and _decoded(values["LEDGER_SIGNING_KEY"]) is None:
        yield "LEDGER_SIGNING_KEY", f"must be {SIGNING_KEY_BYTES} random bytes in base64"
    if any(_decoded(key) is None for key in values["LEDGER_FORMER_PUBLIC_KEYS"]):
        yield "LEDGER_FORMER_PUBLIC_KEYS", f"must be public keys of {SIGNING_KEY_BYTES} bytes in base64 each"
    if not all(map(is_recipient, values["BACKUP_RECIPIENTS"])):
        yield (
            "BACKUP_RECIPIENTS",
            "must be public keys that begin with age1, as manage.py create_backup_key prints",
        )


def _malformed_addresses(values: Values) -> Lines:
    for name in ("CORS_ORIGINS", "CSRF_TRUSTED_ORIGINS"):
        for origin in values[name]:
            if not is_origin(origin.replace("://*.", "://", 1) if name.startswith("CSRF") else origin):
                yield name, f"must be addresses such as https://tracker.example.org, not {origin!r}"
    if values["SITE_ADDRESS"] and not is_origin(values["SITE_ADDRESS"]):
        yield "SITE_ADDRESS", "must be an address such as https://tracker.example.org, without a path"
    for host in values["ALLOWED_HOSTS"]:
        if host != "*" and not is_host(host.removeprefix(".").removeprefix("[").removesuffix("]")):
            yield "ALLOWED_HOSTS", f"must be names of hosts such as tracker.example.org, not {host!r}"
    if values["WEBHOOK_CA_FILE"] and not Path(values["WEBHOOK_CA_FILE"]).is_file():
        yield "WEBHOOK_CA_FILE", "must name a file that exists"


def _malformed_servers(values: Values) -> Lines:
    database, mail = values["DATABASES"]["default"], values["MAIL"]
    if database and not _is_database(database):
        yield "DATABASE_URL", EXAMPLES["DATABASE_URL"]
    if mail and not _is_mail_server(mail):
        yield "EMAIL_URL", EXAMPLES["EMAIL_URL"]
    if not is_mail_address(values["DEFAULT_FROM_EMAIL"]):
        yield (
            "DEFAULT_FROM_EMAIL",
            "must be an address such as tracker@example.org or Tracker <tracker@example.org>",
        )
    if values["LOG_FORMAT"] not in FORMATS:
        yield "LOG_FORMAT", f"must be {' or '.join(FORMATS)}"
    if values["ERROR_REPORTS_DSN"] and not is_dsn(values["ERROR_REPORTS_DSN"]):
        yield "ERROR_REPORTS_DSN", "must be an address such as https://key@errors.example.org/1"
    host, _, port = values["OPERATIONS_ADDRESS"].rpartition(":")
    if values["OPERATIONS_ADDRESS"] and not (is_host(host.strip("[]")) and is_port(port)):
        yield "OPERATIONS_ADDRESS", "must be a host and a port such as 127.0.0.1:8001"
    if not all(map(_is_redis, _redis_servers(values))):
        yield "RATE_LIMIT_CACHE_URL", "must begin with redis://, rediss:// or unix:// and name a server"


def _unsafe(values: Values) -> Lines:
    if values["SECRET_KEY"] and len(values["SECRET_KEY"]) < SECRET_KEY_LENGTH:
        yield "SECRET_KEY", f"must have at least {SECRET_KEY_LENGTH} characters"
    if values["SECRET_KEY"] is not None and is_guessable(values["SECRET_KEY"]):
        yield "SECRET_KEY", "must be random: this one repeats too few characters"
    for key in values["SECRET_KEY_FALLBACKS"]:
        if len(key) < SECRET_KEY_LENGTH or is_guessable(key):
            yield "SECRET_KEY_FALLBACKS", f"must have at least {SECRET_KEY_LENGTH} random characters each"
    signing_key = _decoded(values["LEDGER_SIGNING_KEY"])
    if not values["LEDGER_SIGNING_KEY"]:
        yield "LEDGER_SIGNING_KEY", "must be set"
    elif signing_key and is_guessable(signing_key):
        yield "LEDGER_SIGNING_KEY", "must be random: this one repeats too few bytes"
    if values["DEBUG"]:
        yield "DEBUG", "must be off"
    if values["MFA_REQUIRED"] == "none":
        yield "MFA_REQUIRED", "must be all or privileged"
    if values["DEMO_DATE"] is not None:
        yield "DEMO_DATE", "must not be set: it moves the clock"
    yield from _unsafe_addresses(values)
    yield from _unsafe_connections(values)


def _unsafe_addresses(values: Values) -> Lines:
    hosts = values["ALLOWED_HOSTS"]
    if not hosts or any(host.startswith((".", "*")) for host in hosts):
        yield "ALLOWED_HOSTS", "must name the hosts, without wildcards such as '*' or '.example.org'"
    for origin in values["CSRF_TRUSTED_ORIGINS"]:
        if not origin.startswith("https://"):
            yield "CSRF_TRUSTED_ORIGINS", "must use https://"
        elif "*" in origin:
            yield "CSRF_TRUSTED_ORIGINS", "must name the hosts, without wildcards"
    if not values["SITE_ADDRESS"].startswith("https://"):
        yield "SITE_ADDRESS", "must begin with https://: mails lead there"


def _unsafe_connections(values: Values) -> Lines:
    private = set(values["PRIVATE_HOSTS"])
    database, mail = values["DATABASES"]["default"], values["MAIL"]
    if database is None or database["ENGINE"] != POSTGRESQL:
        yield "DATABASE_URL", "must name a PostgreSQL database"
    elif _sslmode(database) not in ENCRYPTED and (remote := _beyond(_hosts(database), private)):
        yield "DATABASE_URL", f"{WITHOUT_TLS.format(remote)}. Add ?sslmode=verify-full"
    if not values["EMAIL_URL"]:
        yield "EMAIL_URL", "must be set"
    elif mail and mail.get("EMAIL_BACKEND") != SMTP:
        yield "EMAIL_URL", "must name a mail server"
    elif mail and not _uses_tls(mail) and (remote := _beyond([mail["EMAIL_HOST"]], private)):
        yield "EMAIL_URL", f"{WITHOUT_TLS.format(remote)}. Begin with submission://"
    reports = urlsplit(values["ERROR_REPORTS_DSN"])
    if reports.scheme == "http" and (remote := _beyond([reports.hostname or ""], private)):
        yield "ERROR_REPORTS_DSN", f"{WITHOUT_TLS.format(remote)}. Begin with https://"
    for url in _redis_servers(values):
        parts = urlsplit(url)
        unchecked = parse_qs(parts.query).get("ssl_cert_reqs", [""])[-1].lower() == "none"
        remote = _beyond([parts.hostname or ""], private)
        if remote and (parts.scheme == "redis" or unchecked):
            yield (
                "RATE_LIMIT_CACHE_URL",
                f"{WITHOUT_TLS.format(remote)}. Begin with rediss:// and check its certificate",
            )


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


def _is_database(database: Values) -> bool:
    known = database["ENGINE"] in {POSTGRESQL, SQLITE} and bool(database["NAME"])
    return known and all(map(is_host, _hosts(database))) and _has_known_options(database)


def _has_known_options(database: Values) -> bool:
    """Return whether PostgreSQL's driver knows the options; with another it refuses every connection."""
    options = database.get("OPTIONS", {}) if database["ENGINE"] == POSTGRESQL else {}
    known = DRIVER_OPTIONS | {each.keyword.decode() for each in pq.Conninfo.get_defaults()}
    return options.keys() <= known and options.get("sslmode", "prefer") in ENCRYPTED | UNENCRYPTED


def _is_mail_server(mail: Values) -> bool:
    if mail.get("EMAIL_BACKEND") != SMTP:
        return "EMAIL_BACKEND" in mail
    return is_host(mail["EMAIL_HOST"] or "")


def _uses_tls(mail: Values) -> bool:
    return bool(mail["EMAIL_USE_TLS"] or mail["EMAIL_USE_SSL"])


def _decoded(key: str) -> bytes | None:
    try:
        decoded = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if len(decoded) == SIGNING_KEY_BYTES else None


def _sslmode(database: Values) -> str:
    """Return the encryption of the connection; libpq falls back to its own environment variables."""
    return str(database.get("OPTIONS", {}).get("sslmode") or os.environ.get("PGSSLMODE", "prefer"))


def _hosts(database: Values) -> list[str]:
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


def _beyond(hosts: Iterable[str], private: set[str]) -> str:
    """Return the first host beyond this machine and private networks; empty if there is none."""
    return next((host for host in hosts if host and host not in private and not _is_this_machine(host)), "")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.startswith(("/", "@")) or host.lower() == "localhost"


def _redis_servers(values: Values) -> list[str]:
    """Return the addresses; Django's cache accepts several."""
    return [url for url in re.split(r"[;,]", values["RATE_LIMIT_CACHE_URL"]) if url]


def _is_redis(url: str) -> bool:
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

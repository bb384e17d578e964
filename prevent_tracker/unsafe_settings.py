"""Settings that production does not start with."""

import os
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from prevent_tracker.setting_values import (
    ENCRYPTED,
    POSTGRESQL,
    SMTP,
    Lines,
    Values,
    database_hosts,
    decoded_key,
    is_guessable,
    is_this_machine,
    redis_servers,
)

SECRET_KEY_LENGTH = 50
WITHOUT_TLS = "must use TLS, or name a host in PRIVATE_HOSTS: {} is not this machine"


def unsafe(values: Values) -> Lines:
    """Name each setting that would let someone in, or show what is secret."""
    if values["SECRET_KEY"] and len(values["SECRET_KEY"]) < SECRET_KEY_LENGTH:
        yield "SECRET_KEY", f"must have at least {SECRET_KEY_LENGTH} characters"
    if values["SECRET_KEY"] is not None and is_guessable(values["SECRET_KEY"]):
        yield "SECRET_KEY", "must be random: this one repeats too few characters"
    signing_key = decoded_key(values["LEDGER_SIGNING_KEY"])
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
    yield from _unsafe_sign_on(values)
    yield from _unsafe_lists_of_keys(values)
    yield from _unsafe_addresses(values)
    yield from _unsafe_connections(values)


def _unsafe_sign_on(values: Values) -> Lines:
    if values["OIDC_ISSUER"].startswith("http://"):
        yield "OIDC_ISSUER", "must begin with https://"
    if values["SIGN_IN"] == "oidc" and not values["EMERGENCY_ACCOUNTS"]:
        yield "EMERGENCY_ACCOUNTS", "must name an account for when the identity provider is away"


def _unsafe_lists_of_keys(values: Values) -> Lines:
    for name in ("SECRET_KEY_FALLBACKS", "WEBHOOK_SECRET_KEYS"):
        if any(len(key) < SECRET_KEY_LENGTH or is_guessable(key) for key in values[name]):
            yield name, f"must have at least {SECRET_KEY_LENGTH} random characters each"
    if {values["SECRET_KEY"], *values["SECRET_KEY_FALLBACKS"]} & {*values["WEBHOOK_SECRET_KEYS"]}:
        yield "WEBHOOK_SECRET_KEYS", "must differ from SECRET_KEY"


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
    elif _sslmode(database) not in ENCRYPTED and (remote := _beyond(database_hosts(database), private)):
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
    scanner = urlsplit(values["CLAMD_ADDRESS"])
    if scanner.scheme == "tcp" and (remote := _beyond([scanner.hostname or ""], private)):
        yield (
            "CLAMD_ADDRESS",
            f"must be this machine or in PRIVATE_HOSTS: {remote} would get files without TLS",
        )
    for url in redis_servers(values):
        parts = urlsplit(url)
        unchecked = parse_qs(parts.query).get("ssl_cert_reqs", [""])[-1].lower() == "none"
        remote = _beyond([parts.hostname or ""], private)
        if remote and (parts.scheme == "redis" or unchecked):
            yield (
                "RATE_LIMIT_CACHE_URL",
                f"{WITHOUT_TLS.format(remote)}. Begin with rediss:// and check its certificate",
            )


def _uses_tls(mail: Values) -> bool:
    return bool(mail["EMAIL_USE_TLS"] or mail["EMAIL_USE_SSL"])


def _sslmode(database: Values) -> str:
    """Return the encryption of the connection; libpq falls back to its own environment variables."""
    return str(database.get("OPTIONS", {}).get("sslmode") or os.environ.get("PGSSLMODE", "prefer"))


def _beyond(hosts: Iterable[str], private: set[str]) -> str:
    """Return the first host beyond this machine and private networks; empty if there is none."""
    return next((host for host in hosts if host and host not in private and not is_this_machine(host)), "")

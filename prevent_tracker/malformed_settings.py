"""Settings that no mode can start with."""

from pathlib import Path
from urllib.parse import urlsplit

from desk.backups.encryption import is_recipient
from prevent_tracker.error_reports import is_dsn
from prevent_tracker.logs import FORMATS
from prevent_tracker.setting_values import (
    SIGNING_KEY_BYTES,
    Lines,
    Values,
    decoded_key,
    is_address,
    is_database,
    is_host,
    is_mail_address,
    is_mail_server,
    is_origin,
    is_port,
    is_redis,
    is_scanner,
    redis_servers,
)

MODES = frozenset({"production", "demo", "test"})
WITH_SECOND_FACTOR = ("all", "privileged")
# Uploads stop at this size (web.uploads.CappedUploadHandler).
LARGEST_UPLOAD = 64 * 1024 * 1024
RANGES = {
    "CLOCK_TOLERANCE_SECONDS": (1, 3600),
    "EVIDENCE_MAX_BYTES": (1, LARGEST_UPLOAD),
    "IMPORT_MAX_BYTES": (1, LARGEST_UPLOAD),
    "RETURN_MAX_BYTES": (1, 1 << 30),
    "ACCESS_TOKEN_SECONDS": (1, 86_400),
    "WEBHOOK_KEEP_DAYS": (1, 3650),
    "READS_KEEP_DAYS": (90, 3650),
    "UNUSED_ACCOUNT_DAYS": (0, 3650),
    "MEMBERSHIP_REVIEW_GRACE_DAYS": (1, 365),
    "TRUSTED_PROXIES": (1, 100),
    "SMALL_NUMBERS_UP_TO": (1, 100),
    "FILE_PARSER_SECONDS": (0, 600),
    "FILE_PARSER_MEMORY_MB": (256, 65_536),
    "DISK_FREE_BYTES": (0, 1 << 50),
    "EVIDENCE_BYTES_PER_ACTION": (0, 1 << 50),
    "EVIDENCE_BYTES_PER_ORGANISATION": (0, 1 << 50),
    "EVIDENCE_BYTES_PER_DAY": (0, 1 << 50),
    "DATABASE_CONNECT_SECONDS": (1, 600),
    "DATABASE_LOCK_SECONDS": (0, 3600),
    "DATABASE_STATEMENT_SECONDS": (0, 86_400),
    "DATABASE_IDLE_SECONDS": (0, 86_400),
    "SESSION_IDLE_MINUTES": (6, 24 * 60),
    "SESSION_HOURS": (1, 24),
    "APPROVAL_DAYS": (1, 366),
    "SECRET_LINK_HOURS": (1, 24 * 30),
    "SIGN_IN_FAILURES_PER_ADDRESS": (1, 100_000),
    "SIGN_IN_FAILURES_PER_ACCOUNT": (1, 100_000),
}
LONGEST_ESCALATION_DAYS = 366
# The parsers' own messages repeat the value, and an address contains a password.
EXAMPLES = {
    "DATABASE_URL": "must be an address such as postgresql://user:password@host:5432/name",
    "EMAIL_URL": "must be an address such as submission://user:password@host:587",
    "WEBHOOK_ALLOWED_NETWORKS": "must be networks such as 10.1.0.0/16,fd00:1::/64",
    "ESCALATE_AFTER_DAYS": "must be three numbers of days, such as 1,7,7",
    "ESCALATE_RETURNS_AFTER_DAYS": "must be three numbers of days, such as 1,2,2",
}


def malformed(values: Values) -> Lines:
    """Name each setting whose value means nothing."""
    if values["MODE"] not in MODES:
        yield "MODE", f"must be production, demo or test, not {values['MODE']!r}"
    for name, (least, most) in RANGES.items():
        value = values["DATABASE_LIMITS"].get(name, values.get(name))
        if value is not None and not least <= value <= most:
            yield name, f"must be a whole number from {least} to {most}"
    limits = (values["API_READS_PER_MINUTE"], values["API_WRITES_PER_MINUTE"])
    if min((limit for limit in limits if limit is not None), default=1) < 1:
        yield "API_READS_PER_MINUTE", "and API_WRITES_PER_MINUTE must be 1 or more"
    for name in ("ESCALATE_AFTER_DAYS", "ESCALATE_RETURNS_AFTER_DAYS"):
        days = values[name]
        if days is not None and (
            len(days) != 3 or not 1 <= min(days) <= max(days) <= LONGEST_ESCALATION_DAYS
        ):
            yield name, f"{EXAMPLES[name]}, each from 1 to {LONGEST_ESCALATION_DAYS}"
    if values["MFA_REQUIRED"] not in (*WITH_SECOND_FACTOR, "none"):
        yield "MFA_REQUIRED", "must be all, privileged or none"
    yield from _malformed_sign_on(values)
    yield from _malformed_keys(values)
    yield from _malformed_addresses(values)
    yield from _malformed_contact(values)
    yield from _malformed_servers(values)


def _malformed_sign_on(values: Values) -> Lines:
    issuer = urlsplit(values["OIDC_ISSUER"])
    if values["SIGN_IN"] not in ("password", "oidc"):
        yield "SIGN_IN", "must be password or oidc"
    if values["SIGN_IN"] == "oidc" and not values["OIDC_ISSUER"]:
        yield "OIDC_ISSUER", "must be set where SIGN_IN is oidc"
    elif values["OIDC_ISSUER"] and not (
        issuer.scheme in ("https", "http") and issuer.netloc and not issuer.query and not issuer.fragment
    ):
        yield "OIDC_ISSUER", "must be an address such as https://login.example.org/tenant/v2.0"
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if values["OIDC_ISSUER"] and not values[name]:
            yield name, "must be set where OIDC_ISSUER is"
    if not all(map(is_mail_address, values["EMERGENCY_ACCOUNTS"])):
        yield "EMERGENCY_ACCOUNTS", "must be email addresses of accounts, separated by commas"


def _malformed_keys(values: Values) -> Lines:
    if values["SECRET_KEY"] == "":
        yield "SECRET_KEY", "must be set"
    if values["LEDGER_SIGNING_KEY"] and decoded_key(values["LEDGER_SIGNING_KEY"]) is None:
        yield "LEDGER_SIGNING_KEY", f"must be {SIGNING_KEY_BYTES} random bytes in base64"
    if any(decoded_key(key) is None for key in values["LEDGER_FORMER_PUBLIC_KEYS"]):
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
    for name in ("WEBHOOK_CA_FILE", "SYSLOG_CA_FILE", "BREACHED_PASSWORDS"):
        if values[name] and not Path(values[name]).is_file():
            yield name, "must name a file that exists"


def _malformed_contact(values: Values) -> Lines:
    contact = values["SECURITY_CONTACT"]
    if contact and not contact.startswith(("https://", "mailto:")):
        yield "SECURITY_CONTACT", "must begin with mailto: or https://"
    if contact and values["SECURITY_CONTACT_UNTIL"] is None:
        yield "SECURITY_CONTACT_UNTIL", "must be a date such as 2027-03-31, with SECURITY_CONTACT"


def _malformed_servers(values: Values) -> Lines:
    database, mail = values["DATABASES"]["default"], values["MAIL"]
    if database and not is_database(database):
        yield "DATABASE_URL", EXAMPLES["DATABASE_URL"]
    if mail and not is_mail_server(mail):
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
    if values["SYSLOG_ADDRESS"] and not is_address(values["SYSLOG_ADDRESS"], "tls"):
        yield "SYSLOG_ADDRESS", "must be an address such as tls://logs.example.org:6514"
    if values["CLAMD_ADDRESS"] and not is_scanner(values["CLAMD_ADDRESS"]):
        yield (
            "CLAMD_ADDRESS",
            "must be an address such as unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310",
        )
    if not all(map(is_redis, redis_servers(values))):
        yield "RATE_LIMIT_CACHE_URL", "must begin with redis://, rediss:// or unix:// and name a server"

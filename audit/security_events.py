"""Events that those who watch over the service look for: each is one line of the log, under the logger `security`.

The table below is all of them. Those with verbs are logged when the entry in the ledger is committed; the others where the
request is answered. No event has a name, an email address or a text: it has numbers, which the record explains to
those who may read it.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The process that reads a file from outside imports this module, and has no settings for models.
    from audit.models import Entry

logger = logging.getLogger("security")
INFO, WARNING = logging.INFO, logging.WARNING
REQUEST = ("account", "address")
ENTRY = ("actor", "verb", "target", "changed", "ledger", "sequence")


@dataclass(frozen=True)
class SecurityEvent:
    """A kind of event.

    Attributes:
        fields: what its line has beside the moment, the level and the request's id, in this order.
        verbs: the entries of the ledger that it comes with; none for an event of a request.
    """

    name: str
    level: int
    when: str
    fields: tuple[str, ...] = ENTRY
    verbs: tuple[str, ...] = ()


EVENTS = (
    SecurityEvent("sign_in", INFO, "somebody signed in; how says with what", (*REQUEST, "how")),
    SecurityEvent(
        "sign_in_failed",
        WARNING,
        "a wrong password; no account, because people type passwords there",
        ("address",),
    ),
    SecurityEvent("sign_in_blocked", WARNING, "too many wrong passwords", ("address",)),
    SecurityEvent("factor_failed", WARNING, "a wrong code or passkey", REQUEST),
    SecurityEvent("sign_out", INFO, "somebody signed out", REQUEST),
    SecurityEvent(
        "token_issued",
        INFO,
        "a partner's system exchanged its secret for an access token",
        ("account", "client"),
    ),
    SecurityEvent(
        "refused",
        WARNING,
        "a person or program was refused (401, 403)",
        (*REQUEST, "route", "status", "reason"),
    ),
    SecurityEvent(
        "limited",
        WARNING,
        "a caller was over a limit, or sent too much (429, 413)",
        (*REQUEST, "route", "status"),
    ),
    SecurityEvent(
        "file_sent", INFO, "an export, a paper, evidence or another file was downloaded", (*REQUEST, "route")
    ),
    SecurityEvent(
        "file_refused", WARNING, "an uploaded file was refused; why says whether by a scan", ("why", "size")
    ),
    SecurityEvent(
        "factor_changed",
        WARNING,
        "a second factor was added, removed or reset, recovery codes were made, or an account of the identity provider was linked",
        verbs=(
            *("user.second_factor_added", "user.second_factor_removed", "user.recovery_codes_created"),
            *("identity.linked", "identity.removed", "user.second_factor_reset"),
        ),
    ),
    SecurityEvent(
        "approval",
        WARNING,
        "a change of access that waits for a second administrator was requested, approved, rejected or withdrawn",
        verbs=("change.requested", "change.approved", "change.rejected", "change.withdrawn"),
    ),
    SecurityEvent(
        "password_changed", WARNING, "a password was changed or reset", verbs=("user.password_changed",)
    ),
    SecurityEvent(
        "account_changed",
        WARNING,
        "an account was opened, invited, changed, suspended or closed; changed names the fields, such as email or is_staff",
        verbs=(
            *("user.created", "user.invited", "user.changed", "user.suspended"),
            *("user.suspension_announced", "user.suspension_cancelled"),
            *("provisioned_account.changed", "provisioned_account.created", "provisioned_account.removed"),
        ),
    ),
    SecurityEvent(
        "session_ended",
        INFO,
        "one or all sessions of a person were ended",
        verbs=("user.session_ended", "user.sessions_ended"),
    ),
    SecurityEvent(
        "role_changed",
        WARNING,
        "a membership was granted or ended",
        verbs=("membership.granted", "membership.ended"),
    ),
    SecurityEvent(
        "access_reviewed",
        INFO,
        "an access review was opened, decided or left undecided, or a membership was reviewed",
        verbs=(
            *("access_review.opened", "access_review.complete", "access_review.unfinished"),
            *("access_review.confirmed", "access_review.ended", "access_review.not_reviewed"),
            *("membership.reviewed", "membership.review_announced"),
        ),
    ),
    SecurityEvent(
        "secret_created",
        WARNING,
        "a secret was made and shown once, or its link was sent: a token, calendar link, client's or webhook's secret",
        verbs=(
            *("token.created", "calendar.link_created", "client.created", "client.secret_created"),
            *("client.secret_link_sent", "client.secret_link_used"),
            *("webhook.registered", "webhook.secret_rotated"),
        ),
    ),
    SecurityEvent(
        "secret_ended",
        INFO,
        "a secret was revoked, its link withdrawn, or its client or webhook stopped",
        verbs=(
            *("token.revoked", "calendar.link_revoked", "client.secret_ended", "client.deactivated"),
            *("client.secret_link_withdrawn", "webhook.removed"),
        ),
    ),
    SecurityEvent(
        "access_widened",
        WARNING,
        "a client got other scopes, or a webhook another address",
        verbs=("client.scopes_changed", "webhook.changed"),
    ),
    SecurityEvent(
        "imported",
        INFO,
        "a file was imported",
        verbs=("plan.imported", "people.imported", "inspection.imported"),
    ),
    SecurityEvent(
        "published",
        WARNING,
        "a public edition was published or withdrawn",
        verbs=("edition.published", "edition.withdrawn", "edition.corrected", "letter.published"),
    ),
    SecurityEvent(
        "quarantined",
        WARNING,
        "a scan found malware in a stored file, or found it clean again",
        verbs=("evidence.quarantined", "evidence.released"),
    ),
)
BY_NAME = {event.name: event for event in EVENTS}
BY_VERB = {verb: event for event in EVENTS for verb in event.verbs}


def log_event(name: str, **values: object) -> None:
    """Log an event of the table with a value for each of its fields.

    Raises:
        KeyError: the event is not in the table, or a field of it is missing.
    """
    event = BY_NAME[name]
    fields = {field: values[field] for field in event.fields}
    text = ", ".join(f"{field} {value}" for field, value in fields.items() if value != "")
    logger.log(event.level, "%s: %s", name, text, extra={"fields": {"event": name, **fields}})


def is_watched(verb: str) -> bool:
    return verb in BY_VERB


def log_entries(entries: Iterable["Entry"], ledger: str) -> None:
    """Log the entries that are in the table, once they are committed."""
    for entry in entries:
        log_event(
            BY_VERB[entry.verb].name,
            actor=" ".join(filter(None, (entry.actor_type, entry.actor_id))),
            verb=entry.verb,
            target=f"{entry.target_type} {entry.target_id}",
            changed=" ".join(sorted(entry.changes)),
            ledger=ledger,
            sequence=entry.sequence,
        )

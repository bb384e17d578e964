"""Free text is screened for personal data before it is saved: it is removed, or kept with a reason.

Rows ask when their fields are validated (`Tracked.clean_fields`), and the ledger asks again of every text it is about to
store, so no service can skip it. docs/decisions/0008-personal-data.md says why it is done here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from hashlib import blake2b
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.utils.translation import gettext

from audit.state import recorded_fields
from standards.screening import Finding, screen

PERSONAL_DATA_CODE, BAD_REASON = "personal_data", "personal_data_reason"
LONGEST_REASON = 500
# A person's address in the directory is what the directory is for, and a slug is made, not written.
NOT_FREE = (models.EmailField, models.SlugField)

Findings = dict[str, list[Finding]]

_reason: ContextVar[Callable[[], str]] = ContextVar("reason_to_keep", default=str)
# Fingerprints of texts without findings, so that what validation screened is not screened again for the ledger.
_without: dict[bytes, None] = {}
REMEMBERED = 20_000


@contextmanager
def keeping(reason: Callable[[], str]) -> Iterator[None]:
    """Accept personal data within this block if the actor gives a reason.

    Args:
        reason: returns the actor's reason; called only once something is found.
    """
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


@cache
def free_text(model: type[models.Model]) -> dict[str, str]:
    """Return the recorded fields of a model that people write freely, by name, with what the field is called."""
    return {
        field.name: cast("str", field.verbose_name)
        for field in recorded_fields(model)
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, NOT_FREE)
        and not field.choices
    }


def new_findings(words: Mapping[str, Any], before: Callable[[], Iterable[Any]]) -> Findings:
    """Return the findings in each text by its name, without those already in the texts of `before`.

    Args:
        before: returns texts already accepted; called only once something is found.
    """
    by_name = {name: findings for name, text in words.items() if (findings := _findings(text))}
    if not by_name:
        return by_name
    known = {_identity(finding) for text in before() for finding in _findings(text)}
    fresh = {
        name: [one for one in findings if _identity(one) not in known] for name, findings in by_name.items()
    }
    return {name: findings for name, findings in fresh.items() if findings}


def reason_to_keep() -> str:
    """Return the actor's reason for keeping personal data; empty without one.

    Raises:
        ValidationError: code `personal_data_reason`, when the reason is too long or contains personal data itself.
    """
    reason = " ".join(_reason.get()().split())
    for validator in (ProhibitNullCharactersValidator(), MaxLengthValidator(LONGEST_REASON)):
        try:
            validator(reason)
        except ValidationError as error:
            raise _bad_reason(
                gettext("The reason for keeping it: {problem}").format(problem=error.messages[0])
            ) from error
    if findings := _findings(reason):
        raise _bad_reason(
            gettext("The reason itself contains {kind}. Remove it: the reason stays in the ledger.").format(
                kind=findings[0].kind.label
            )
        )
    return reason


def questions(findings_by_name: Findings, labels: Mapping[str, str]) -> dict[str, list[ValidationError]]:
    """Return an error for each finding by its field: code `personal_data`, the finding and the label as parameters.

    The message names the kind and length only, so it may stand in a log; the writer's own page may show the excerpt.
    """
    return {
        name: [
            ValidationError(
                gettext("This contains {finding}. Remove it, or keep it and say why.").format(
                    finding=finding.masked
                ),
                code=PERSONAL_DATA_CODE,
                params={"finding": finding, "label": labels.get(name, name)},
            )
            for finding in findings
        ]
        for name, findings in findings_by_name.items()
    }


def retention_note(findings_by_name: Findings, labels: Mapping[str, str], reason: str) -> str:
    """Describe for the ledger what was kept, where and why, without the text itself."""
    where = "; ".join(
        f"{', '.join(finding.masked for finding in findings)} in {labels.get(name, name)}"
        for name, findings in findings_by_name.items()
    )
    return f"Kept {where}: {reason}"


def masked(text: str) -> str:
    """Return a text with the kind and length of each finding in its place."""
    for finding in reversed(_findings(text)):
        text = f"{text[: finding.start]}[{finding.masked}]{text[finding.end :]}"
    return text


def _bad_reason(message: str) -> ValidationError:
    return ValidationError({NON_FIELD_ERRORS: [ValidationError(message, code=BAD_REASON)]})


def _identity(finding: Finding) -> tuple[str, str]:
    return finding.kind, finding.excerpt


def _findings(text: Any) -> list[Finding]:
    if not text or not isinstance(text, str):
        return []
    fingerprint = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    if fingerprint in _without:
        return []
    findings = screen(text)
    if not findings:
        if len(_without) >= REMEMBERED:
            _without.clear()
        _without[fingerprint] = None
    return findings

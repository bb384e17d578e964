from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.constraints import BaseConstraint
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy

from audit.checks import all_hold, checks_of
from audit.reading import note_row
from audit.screening import free_text, new_findings, questions, reason_to_keep
from audit.verify import GENESIS, instant
from standards.text import clean_line, clean_text

LABEL_LENGTH = 200
SYSTEM_LEDGER = "(system)"


class Tracked(models.Model):
    """Base of every model whose rows a ledger vouches for: each change of a row is an entry with its state after it."""

    constraint_fields: ClassVar[dict[str, str]] = {}
    """For a constraint over several fields, by its name: the form field that puts it right."""
    ledger_path: ClassVar[str | None] = None
    """ORM path from a row to its ledger, such as `partnership__ledger`; None means the system's own ledger."""
    ledger_exclude: ClassVar[frozenset[str]] = frozenset()
    """Names of fields that are never recorded: secrets, and what changes without a decision."""

    is_dated: ClassVar[bool] = True
    """Whether a page as at a past day shows the row as it stood then; otherwise as it is now."""

    _holding: Sequence[BaseConstraint] = ()

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        """Load a row, and note it when it is marked OFFICIAL-SENSITIVE: a request that shows it is recorded."""
        row = super().from_db(db, field_names, values, **options)
        if "marking" in field_names:
            note_row(cls, row.pk, row.__dict__["marking"], lambda: row.reading_label)
        return row

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802  Django's name
        """Return the label of a choice. Django's own method translates every label of the field to find one."""
        value = getattr(self, field.attname)
        label = next((label for choice, label in field.flatchoices if choice == value), value)
        return force_str(label, strings_only=True)

    @property
    def reading_label(self) -> str:
        """What the record of readers calls the row, from its own columns."""
        return str(self)

    def carried_over(self) -> "Iterable[Tracked]":
        """Return the rows whose text this one repeats: personal data already accepted there is not reported again."""
        return ()

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Clean and check each field, and ask about personal data in free text, unless there is a reason to keep it."""
        self._clean_texts(exclude or ())
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        labels = free_text(type(self))
        words = {
            name: getattr(self, name) for name in labels if name not in (exclude or ()) and name not in errors
        }
        findings = new_findings(words, self._words_before)
        if findings and not reason_to_keep():
            errors |= questions(findings, labels)
        if errors:
            raise ValidationError(errors)

    def _clean_texts(self, exclude: Collection[str]) -> None:
        """Remove characters that no file can contain, for pages, API, imports and commands alike."""
        for field in self._meta.concrete_fields:
            if field.name in exclude:
                continue
            value = getattr(self, field.attname)
            if isinstance(field, models.TextField) and isinstance(value, str):
                setattr(self, field.attname, clean_text(value))
            elif isinstance(field, models.CharField) and isinstance(value, str):
                setattr(self, field.attname, clean_line(value))
            elif isinstance(field, models.JSONField) and field.editable:
                setattr(self, field.attname, _clean_values(value))

    def _words_before(self) -> Iterator[Any]:
        names = free_text(type(self))
        if not self._state.adding:
            for stored in type(self)._base_manager.filter(pk=self.pk).values_list(*names):
                yield from stored
        for row in self.carried_over():
            yield from row.free_words()

    def free_words(self) -> list[Any]:
        """Return what people wrote in the row."""
        return [getattr(self, name) for name in free_text(type(self))]

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Ask about the check constraints all at once; one by one only to say which of them is broken."""
        checks = [check for check in checks_of(type(self)) if check.fields.isdisjoint(exclude or ())]
        self._holding = [check.constraint for check in checks] if all_hold(self, checks) else []
        try:
            super().validate_constraints(exclude=exclude)
        finally:
            del self._holding

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[BaseConstraint]]]:
        return [
            (model, [constraint for constraint in constraints if constraint not in self._holding])
            for model, constraints in super().get_constraints()
        ]


def _clean_values(value: Any) -> Any:
    if isinstance(value, str):
        return clean_line(value)
    if isinstance(value, list):
        return [_clean_values(each) for each in value]
    if isinstance(value, dict):
        return {_clean_values(name): _clean_values(each) for name, each in value.items()}
    return value


class Ledger(models.Model):
    """One chain of entries and its head. Entries include the name, so a ledger's name never changes."""

    name = models.CharField(max_length=LABEL_LENGTH, unique=True)
    sequence = models.PositiveBigIntegerField(
        default=0, help_text=gettext_lazy("Of the newest entry; 0 while there is none.")
    )
    digest = models.CharField(max_length=64, default=GENESIS)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Exact(Length("digest"), 64), name="ledger_digest_is_sha256")
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """One change, chained to the one before it. The database refuses to alter or remove it (audit/triggers.py)."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="entries")
    act = models.UUIDField(help_text=gettext_lazy("One id for everything that one request changed."))
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_type = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=LABEL_LENGTH)
    verb = models.CharField(max_length=64)
    target_type = models.CharField(max_length=64)
    target_id = models.CharField(max_length=64)
    target_label = models.CharField(max_length=LABEL_LENGTH)
    changes = models.JSONField(help_text=gettext_lazy("{field: [old, new]}"))
    state = models.JSONField(
        null=True, help_text=gettext_lazy("The target after the change; null once it was removed.")
    )
    note = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["ledger", "sequence"]
        verbose_name_plural = gettext_lazy("entries")
        indexes = [
            # The last state of a row by a moment; `at` is there so that later entries are not read.
            models.Index(fields=["target_type", "target_id", "sequence", "at"], name="entry_target"),
            models.Index(
                fields=["target_type", "target_id"],
                name="entry_removed",
                condition=models.Q(state__isnull=True),
            ),
            models.Index(fields=["ledger", "at"], name="entry_moment"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "sequence"], name="entry_sequence_unique"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="entry_sequence_from_1"),
            models.CheckConstraint(condition=Exact(Length("digest"), 64), name="entry_digest_is_sha256"),
            models.CheckConstraint(
                condition=Exact(Length("previous_digest"), 64), name="entry_previous_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.target_label}"

    def content(self, ledger_name: str) -> dict[str, Any]:
        """Return what the digest is taken over: everything the entry says, by the names the export uses."""
        return {
            "ledger": ledger_name,
            "sequence": self.sequence,
            "act": str(self.act),
            "at": instant(self.at),
            "actor": {"type": self.actor_type, "id": self.actor_id, "label": self.actor_label},
            "verb": self.verb,
            "target": {"type": self.target_type, "id": self.target_id, "label": self.target_label},
            "changes": self.changes,
            "state": self.state,
            "note": self.note,
            "request_id": self.request_id,
            "previous_digest": self.previous_digest,
        }


class Checkpoint(models.Model):
    """A signature over a ledger's head: with the public key anyone can check the chain up to it."""

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="checkpoints")
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    public_key = models.CharField(max_length=44, help_text=gettext_lazy("Ed25519, base64."))
    signature = models.CharField(max_length=88, help_text=gettext_lazy("Ed25519, base64."))

    class Meta:
        ordering = ["ledger", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "sequence", "public_key"], name="checkpoint_unique"),
            models.CheckConstraint(condition=models.Q(sequence__gte=1), name="checkpoint_sequence_from_1"),
            models.CheckConstraint(condition=Exact(Length("digest"), 64), name="checkpoint_digest_is_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.ledger} up to {self.sequence}"

    def content(self, ledger_name: str) -> dict[str, Any]:
        """Return what the signature is made over."""
        return {
            "ledger": ledger_name,
            "sequence": self.sequence,
            "digest": self.digest,
            "at": instant(self.at),
            "public_key": self.public_key,
        }


class Read(models.Model):
    """That somebody read a row marked OFFICIAL-SENSITIVE: on one page once in an hour.

    The database refuses to alter it, and to remove it while it is new (audit/triggers.py).
    """

    at = models.DateTimeField()
    hour = models.DateTimeField()
    actor_id = models.BigIntegerField()
    actor_label = models.CharField(max_length=LABEL_LENGTH)
    target_type = models.CharField(max_length=64)
    target_id = models.BigIntegerField()
    target_label = models.CharField(max_length=LABEL_LENGTH)
    route = models.CharField(max_length=100, help_text=gettext_lazy("The name of the page or endpoint."))
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="read_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["target_type", "target_id", "actor_id", "route", "hour"], name="read_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.target_label} by {self.actor_label}"

    @property
    def place(self) -> str:
        """The page or endpoint in words, such as "Action list" or "API: evidence file"."""
        app, _, name = self.route.partition(":")
        words = name.replace("-", " ")
        return f"API: {words}" if app == "api" else words[:1].upper() + words[1:]

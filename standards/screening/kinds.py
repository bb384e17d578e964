"""What screening looks for, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The order is that of precedence: where two findings are the same stretch of text, the earlier kind is meant."""

    NATIONAL_INSURANCE = "national_insurance"
    NHS = "nhs"
    PNC = "pnc"
    CUSTODY = "custody"
    DATE_OF_BIRTH = "date_of_birth"
    EMAIL = "email"
    TELEPHONE = "telephone"
    VEHICLE = "vehicle"
    POSTCODE = "postcode"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.NATIONAL_INSURANCE: "a National Insurance number",
    Kind.NHS: "an NHS number",
    Kind.PNC: "a PNC number",
    Kind.CUSTODY: "a custody or arrest number",
    Kind.DATE_OF_BIRTH: "a date of birth",
    Kind.EMAIL: "a private email address",
    Kind.TELEPHONE: "a telephone number",
    Kind.VEHICLE: "a vehicle registration",
    Kind.POSTCODE: "a full postcode",
}


@dataclass(frozen=True)
class Finding:
    """Something in a text that looks like personal data.

    Attributes:
        kind: what it looks like.
        start: where it begins in the original text.
        end: where it ends, so that `text[start:end]` is the excerpt.
        excerpt: the found text. For the eyes of who wrote it only: it goes into no ledger, log or message.
    """

    kind: Kind
    start: int
    end: int
    excerpt: str

    @property
    def masked(self) -> str:
        """The kind and the length, which may be stored: `a telephone number (13 characters)`."""
        return f"{self.kind.label} ({self.end - self.start} characters)"

    def __repr__(self) -> str:
        """Say no more than may stand in a log."""
        return f"<Finding {self.masked} at {self.start}>"


Span = tuple[Kind, int, int]
Spans = Iterator[Span]

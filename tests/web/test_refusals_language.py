"""An error of a service is at its field in whatever language the service speaks."""

from pathlib import Path

from django.core.exceptions import ValidationError

from actions.models import Plan
from tests.support.pseudo_language import pseudo_language
from web.refusals import place_errors

CONSTRAINT = next(each for each in Plan._meta.constraints if each.name in Plan.constraint_fields)
FIELD = Plan.constraint_fields[CONSTRAINT.name]


def test_a_broken_constraint_is_at_its_field_in_every_language(tmp_path: Path) -> None:
    def placed() -> list[str]:
        error = ValidationError(str(CONSTRAINT.violation_error_message))
        return list(place_errors(error, [FIELD]).error_dict)

    assert placed() == [FIELD]
    with pseudo_language(tmp_path):
        assert placed() == [FIELD]
    assert placed() == [FIELD]

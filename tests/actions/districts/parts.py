"""What the tests of actions divided among districts do with the parts."""

from datetime import date

from actions.assurance.services import assure_action, submit_action
from actions.models import Action
from audit.actors import SYSTEM
from partners.models import Area
from partners.organisations.services import save_reference
from tests.cast import AT, EARLIER, Cast
from tests.factories import submit_progress

LATER = date(2020, 12, 18)


def district(cast: Cast, name: str) -> Area:
    area = save_reference(actor=SYSTEM, row=Area(partnership=cast.yorkshire, name=name, order=9), at=EARLIER)
    assert isinstance(area, Area)
    return area


def report(action: Action, rag: str = "green", percent: int = 50) -> None:
    words = {"reason": "Illness.", "path_to_green": "A relief sergeant."} if rag != "green" else {}
    submit_progress(
        actor=action.owner, action=action, narrative="Said.", rag=rag, percent=percent, at=AT, **words
    )


def complete(cast: Cast, action: Action) -> None:
    report(action)
    submit_action(actor=action.owner, action=action, note="Done.", at=AT)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)

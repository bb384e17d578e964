"""Two people do the same thing to the same finding in the same moment, each on a connection of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audit.services import verify
from inspections.core.states import State
from inspections.findings.services.links import link_action
from inspections.findings.services.own_statuses import judge_recommendation
from inspections.models import OwnStatus, Recommendation
from partners.models import User
from tests.actions.core.test_races import at_once, refusals
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import RecommendationFactory
from tests.inspections.findings import stage
from tests.inspections.findings.test_pages import to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("versioned", [True, False], ids=["as pages do", "as commands do"])
@pytest.mark.parametrize("other", [State.NOT_IMPLEMENTED, State.IN_PROGRESS])
def test_two_auditors_judge_one_proposal(cast: Cast, other: str, versioned: bool) -> None:
    row, second = stage.proposed(cast), stage.second_auditor(cast)
    version = row.version if versioned else None

    def judge(actor: User, outcome: str) -> Callable[[], Any]:
        return lambda: judge_recommendation(
            actor=actor, recommendation=row, outcome=outcome, reason="Seen.", version=version, at=AT
        )

    outcomes = at_once(judge(cast.auditor, State.IMPLEMENTED), judge(second, other))
    (refused,) = refusals(outcomes)
    assert refused.code == ("conflict" if versioned else "state")
    after = Recommendation.objects.get()
    assert after.state in {State.IMPLEMENTED, other}
    assert after.version == row.version + 1
    assert OwnStatus.objects.filter(set_by__in=[cast.auditor, second]).count() == 1
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_two_auditors_send_their_forms_at_once(cast: Cast, signed_in: Any) -> None:
    row, second = stage.proposed(cast), stage.second_auditor(cast)
    other = Client()
    other.force_login(second, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"outcome": "implemented", "reason": "Seen.", "version": row.version}
    address = to("recommendation-judge", row.pk)
    clients = [signed_in("auditor"), other]
    outcomes = at_once(*(lambda client=client: client.post(address, form).status_code for client in clients))
    assert sorted(outcomes) == [302, 409]
    assert Recommendation.objects.get().state == State.IMPLEMENTED
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_an_action_is_linked_once(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)

    def link() -> Any:
        return link_action(actor=cast.manager, recommendation=row, action=action, at=AT)

    (refused,) = refusals(at_once(link, link))
    assert "linked to the recommendation already" in str(refused)
    assert row.links.count() == 1
    assert verify(ledger=cast.yorkshire.ledger).problems == []

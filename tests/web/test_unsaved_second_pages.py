"""What was typed on the second of two pages at one address is not lost either when a session ends."""

from typing import Any

from django.urls import reverse

from actions.models import Action
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.support.html_forms import forms_of, forms_to
from tests.web.test_unsaved import BANNER, action, end_session, form_at, html, passwords, sign_in

__all__ = ["action", "passwords"]
BULK = reverse("actions:action-bulk")


def test_the_second_page_of_two_has_its_words_again(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("manager")
    people = f"outgoing={cast.bradford_spoc.pk}&successor={cast.leeds_spoc.pk}"
    address = f"{reverse('actions:hand-over', args=[cast.plan.pk])}?{people}"
    (form,) = forms_to(address, client.get(address))
    sent = form.values | {"note": "Moves to Leeds in July."}
    end_session(client)
    client.post(form.address, sent)
    back = sign_in(client, cast, "manager", form.address)
    assert form.address == address
    assert [again.values["note"] for again in forms_to(address, back)] == ["Moves to Leeds in July."]


def test_the_reason_for_many_changes_is_shown_on_their_first_page(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    client = signed_in("manager")
    address = f"{BULK}?action={action.pk}&change=pillar"
    (form,) = forms_to(address, client.get(address))
    end_session(client)
    client.post(address, form.values | {"seen": "x", "reason": "The board closes the programme."})
    assert "The board closes the programme." in html(sign_in(client, cast, "manager", address))


def test_the_reason_for_many_changes_is_back_in_its_field(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("manager")
    address = f"{BULK}?action={action.pk}&change=pillar"
    chosen = form_at(client, address, BULK).values | {"pillar": cast.safeguard.name}
    confirm = confirmation(client.post(address, chosen), address)
    end_session(client)
    client.post(address, confirm | {"reason": "The board closes the programme."})
    assert "The board closes the programme." in html(sign_in(client, cast, "manager", address))
    again = client.post(address, chosen)
    assert BANNER in html(again)
    confirm = confirmation(again, address)
    assert confirm["reason"].strip() == "The board closes the programme."
    assert client.post(address, confirm).status_code == 302
    action.refresh_from_db()
    assert action.pillar == cast.safeguard
    assert BANNER not in html(client.get(address))


def test_earlier_exclusions_are_confirmed_again(cast: Cast, signed_in: Any, action: Action) -> None:
    """The new preview may leave out other actions than the one that was confirmed."""
    client = signed_in("manager")
    moved = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", pillar=cast.safeguard)
    address = f"{BULK}?action={action.pk}&action={moved.pk}&change=pillar"
    chosen = form_at(client, address, BULK).values | {"pillar": cast.safeguard.name}
    confirm = confirmation(client.post(address, chosen), address)
    end_session(client)
    client.post(address, confirm | {"reason": "One pillar is enough.", "leave_out": "on"})
    sign_in(client, cast, "manager", address)
    confirm = confirmation(client.post(address, chosen), address)
    assert confirm["reason"].strip() == "One pillar is enough."
    assert "leave_out" not in confirm


def confirmation(page: Any, address: str) -> dict[str, Any]:
    return next(form.values for form in forms_of(html(page), address) if "preview" in form.values)

"""What was typed is not lost when a session ends while somebody types, and nobody else sees it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, ProgressUpdate
from partners.models import User
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from tests.support.confirming import confirm
from tests.support.html_forms import Form, forms_of

PASSWORD = "correct horse battery"
WORDS = "Four of <five> teams & their sergeants are briefed.\nThe last one is on leave."
BANNER = "You were signed out before your form was saved. Check what you typed and save it again."
DISCARD = reverse("web:unsaved-discard")
WAITS = "within an hour to get back what you typed"


@pytest.fixture(autouse=True)
def passwords(cast: Cast) -> None:
    caches["limits"].clear()
    User.objects.filter(kind=User.Kind.USER).update(password=make_password(PASSWORD))
    for name in ("bradford_spoc", "manager", "administrator"):
        cast.person(name).refresh_from_db()


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True)


def page(action: Action) -> str:
    return reverse("actions:progress-create", args=[action.pk])


def form_at(client: Client, address: str, target: str | None = None) -> Form:
    forms = forms_of(client.get(address).content.decode(), address)
    return next(form for form in forms if form.target == (target or address))


def typed(client: Client, action: Action, **changes: Any) -> dict[str, Any]:
    """Open the form of an update and type into it."""
    return (
        form_at(client, page(action)).values | {"narrative": WORDS, "rag": "green", "percent": "80"} | changes
    )


def end_session(client: Client) -> None:
    del client.cookies["sessionid"]


def sign_in(client: Client, cast: Cast, name: str, leads_to: str = "/") -> Any:
    form_data = {"login": cast.person(name).email, "password": PASSWORD, "next": leads_to}
    return client.post("/accounts/login/", form_data, follow=True)


def html(response: Any) -> str:
    return str(response.content.decode())


def restored(response: Any, address: str) -> dict[str, Any]:
    return next(form for form in forms_of(html(response), address) if form.target == address).values


def test_the_words_are_in_the_form_after_signing_in(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    end_session(client)
    to_sign_in = client.post(page(action), form_data)
    assert (to_sign_in.status_code, to_sign_in["Location"]) == (302, f"/accounts/login/?next={page(action)}")
    assert WAITS in html(client.get(to_sign_in["Location"]))
    back = sign_in(client, cast, "bradford_spoc", page(action))
    assert BANNER in html(back)
    values = restored(back, page(action))
    assert {name: values[name] for name in ("narrative", "rag", "percent", "version")} == {
        name: form_data[name] for name in ("narrative", "rag", "percent", "version")
    }
    assert not ProgressUpdate.objects.filter(narrative__contains="sergeants").exists()


def test_unsaved_text_is_deleted_once_saved(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    end_session(client)
    client.post(page(action), form_data)
    back = sign_in(client, cast, "bradford_spoc", page(action))
    assert BANNER in html(client.get(page(action))), "loading the page again loses nothing"
    assert client.post(page(action), restored(back, page(action))).status_code == 302
    assert ProgressUpdate.objects.filter(narrative=WORDS).exists()
    assert BANNER not in html(client.get(page(action)))


def test_the_words_can_be_discarded_before_their_hour_is_over(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    client = signed_in("bradford_spoc")
    other = reverse("actions:evidence-add", args=[action.pk])
    sent, second = typed(client, action), form_at(client, other).values | {"title": "Minutes of the panel"}
    end_session(client)
    client.post(page(action), sent)
    client.post(other, second)
    back = sign_in(client, cast, "bradford_spoc", page(action))
    assert html(back).count("govuk-notification-banner__heading") == 1, "no second banner says who signed in"
    discard = form_at(client, page(action), DISCARD)
    answer = client.post(DISCARD, discard.values)
    assert (answer.status_code, answer["Location"]) == (302, page(action))
    after = html(client.get(page(action)))
    assert "What you typed was discarded." in after
    assert BANNER not in after
    assert "sergeants" not in after
    assert restored(client.get(other), other)["title"] == "Minutes of the panel", "the other form stays"


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_discarding_leads_to_no_other_site(cast: Cast, signed_in: Any, place: str) -> None:
    answer = signed_in("manager").post(DISCARD, {"next": place, "path": "/actions/1/update/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_discarding_needs_the_token_of_its_page(cast: Cast, signed_in: Any, action: Action) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bradford_spoc)
    assert client.post(DISCARD, {"path": page(action)}).status_code == 403
    form = next(form for form in forms_of(html(client.get(page(action))), page(action)) if form.typed)
    sent = form.values | {"narrative": WORDS}
    end_session(client)
    client.post(page(action), sent)
    client.force_login(cast.bradford_spoc)
    assert client.post(DISCARD, form_at(client, page(action), DISCARD).values).status_code == 302
    assert BANNER not in html(client.get(page(action)))


def test_a_change_by_another_user_is_still_a_conflict(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    end_session(client)
    client.post(page(action), form_data)
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="All done.",
        rag="green",
        percent=90,
        state="in_progress",
        at=AT,
    )
    back = sign_in(client, cast, "bradford_spoc", page(action))
    answer = client.post(page(action), restored(back, page(action)))
    assert answer.status_code == 409
    assert "sergeants" in html(answer)


def test_nobody_else_sees_the_words_and_signing_in_discards_them(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    end_session(client)
    client.post(page(action), form_data)
    other = sign_in(client, cast, "manager", page(action))
    assert "sergeants" not in html(other)
    assert BANNER not in html(other)
    client.post("/accounts/logout/")
    assert "sergeants" not in html(sign_in(client, cast, "bradford_spoc", page(action)))


def test_the_account_that_had_the_form_is_asked_and_not_the_one_signed_in_last(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    """On a shared computer: a page left open by one person, after another has come and gone."""
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    client.force_login(cast.manager)
    client.post("/accounts/logout/")
    client.post(page(action), form_data)
    assert "sergeants" not in html(sign_in(client, cast, "manager", page(action)))


def test_unsaved_text_expires_after_an_hour(
    cast: Cast, signed_in: Any, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    end_session(client)
    client.post(page(action), form_data)
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(minutes=61))
    assert "sergeants" not in html(sign_in(client, cast, "bradford_spoc", page(action)))
    assert client.session.get_expire_at_browser_close()


@pytest.mark.parametrize("proof", [None, "", "x", "WzEsIjIwMjAtMDYtMTkiXQ:x"])
def test_nothing_is_stored_for_a_visitor_without_a_form(
    cast: Cast, client: Client, action: Action, proof: str | None
) -> None:
    form_data = {"narrative": WORDS} | ({"opened_by": proof} if proof is not None else {})
    client.post(page(action), form_data)
    assert Session.objects.count() == 0


def test_a_form_cannot_fill_the_database(
    cast: Cast, signed_in: Any, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.unsaved.MOST_PIECES", 12)
    form_data = typed(signed_in("bradford_spoc"), action)
    Session.objects.all().delete()
    for _ in range(30):
        Client().post(page(action), form_data | {"narrative": "words " * 8_000})
    assert 0 < Session.objects.count() <= 12


def test_a_closed_account_keeps_nothing(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    end_session(client)
    Session.objects.all().delete()
    User.objects.filter(pk=cast.bradford_spoc.pk).update(is_active=False)
    client.post(page(action), form_data)
    assert Session.objects.count() == 0


def test_stored_text_is_encrypted_and_survives_a_key_change(
    cast: Cast, signed_in: Any, action: Action, settings: Any
) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action)
    end_session(client)
    client.post(page(action), form_data)
    assert "sergeants" not in str(dict(client.session.items()))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the-next-key" * 5, [settings.SECRET_KEY]
    assert BANNER in html(sign_in(client, cast, "bradford_spoc", page(action)))


def test_the_page_names_the_file_to_choose_again(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action, title="Attendance", file=SimpleUploadedFile("attendance.csv", b"a,b\n"))
    end_session(client)
    client.post(page(action), form_data)
    back = html(sign_in(client, cast, "bradford_spoc", page(action)))
    assert "Select this file again" in back
    assert "attendance.csv" in back


def test_a_token_outdated_by_another_sign_in_loses_nothing(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bradford_spoc)
    form_data = typed(client, action)
    client.cookies["csrftoken"] = "a" * 32  # signed in again in another tab
    answer = client.post(page(action), form_data, follow=True)
    assert answer.redirect_chain == [(page(action), 302)]
    assert BANNER in html(answer)
    assert restored(answer, page(action))["narrative"] == form_data["narrative"]


def test_a_browser_that_lost_all_its_cookies_loses_no_text(cast: Cast, action: Action) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bradford_spoc)
    form_data = typed(client, action)
    client.cookies.clear()
    answer = client.post(page(action), form_data, follow=True)
    assert WAITS in html(answer)
    client.handler.enforce_csrf_checks = False
    back = sign_in(client, cast, "bradford_spoc", page(action))
    assert restored(back, page(action))["narrative"] == form_data["narrative"]


def test_a_token_of_another_accounts_page_is_refused_and_forgotten(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bradford_spoc)
    form_data = typed(client, action)
    client.force_login(cast.manager)
    client.cookies["csrftoken"] = "a" * 32
    assert client.post(page(action), form_data).status_code == 403
    assert "sergeants" not in html(client.get(page(action)))


def test_passwords_are_never_kept(cast: Cast, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    form_data = form_at(client, "/accounts/password/change/").values
    end_session(client)
    Session.objects.all().delete()
    client.post("/accounts/password/change/", form_data | {"oldpassword": "very secret words"})
    assert Session.objects.count() == 0


def test_an_administrators_form_keeps_all_but_the_passwords(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.administrator)
    confirm(client, cast.administrator)
    address = reverse("partners:reference-create", args=[cast.yorkshire.pk, "organisations"])
    form_data = form_at(client, address).values | {
        "name": "A council with a long name",
        "secret_word": "hidden from all",
    }
    end_session(client)
    client.post(address, form_data)
    back = sign_in(client, cast, "administrator", address)
    assert restored(back, address)["name"] == "A council with a long name"
    assert "hidden from all" not in html(back)


def test_words_are_shown_where_the_page_has_no_field_for_them(
    cast: Cast, signed_in: Any, action: Action
) -> None:
    client = signed_in("bradford_spoc")
    form_data = typed(client, action, keep_personal_data_reason="The council asked for <it> by name.")
    end_session(client)
    client.post(page(action), form_data)
    back = html(sign_in(client, cast, "bradford_spoc", page(action)))
    assert "The council asked for &lt;it&gt; by name." in back


def test_a_button_leads_back_to_its_page(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True, draft=True)
    address, button = (reverse(f"actions:{name}", args=[action.pk]) for name in ("action", "action-release"))
    client = signed_in("manager")
    form_data = form_at(client, address, button).values
    end_session(client)
    to_sign_in = client.post(button, form_data)
    back = sign_in(client, cast, "manager", button)
    assert to_sign_in["Location"].endswith(button)
    assert [place for place, _ in back.redirect_chain] == [button, address]
    assert "You were signed out and nothing was changed. Select the button again." in html(back)


def test_a_wrong_method_is_refused_in_the_look_of_the_service(cast: Cast, signed_in: Any) -> None:
    for client in (Client(), signed_in("manager")):
        answer = client.post("/accessibility/", {"a": "b"})
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert "<title>Sorry, this form could not be sent" in html(answer)
    assert html(signed_in("manager").put("/actions/")).count("<main") == 1


def test_work_puts_the_end_of_the_session_off(cast: Cast, signed_in: Any, action: Action) -> None:
    client = signed_in("bradford_spoc")
    soon = timezone.now() + timedelta(minutes=5)
    Session.objects.update(expire_date=soon)
    client.post(page(action), typed(client, action))
    assert Session.objects.get().expire_date > soon + timedelta(minutes=20)

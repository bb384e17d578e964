"""Every page of the site, who opens it, and how it is reached: the list that the tests of pages walk."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page

from actions.assurance.services import assure_action, return_action, submit_action
from actions.evidence.services import add_evidence
from actions.models import Action, Dependency
from partners.models import User
from tests.actions.dates.dates import slipping
from tests.actions.waits.waiting import waiting_on_both
from tests.cast import AT, Cast
from tests.factories import ActionFactory, ClosureProposalFactory, QuestionFactory, submit_progress

SHEET = b"""Ref,What we will do,Pillar,Lead agency,By when
1.1,Brief the teams,Identify,Bradford District,30/09/2020
1.2,Map the practice,Safeguard,Leeds District,Q3 2020/21
"""
NONSENSE = b"Ref,What we will do,Lead agency,By when\n1.1,Brief the teams,Atlantis Council,31/02/2020\n"
# One black pixel.
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


@dataclass(frozen=True)
class World:
    """The cast with an action in each state that has pages of its own."""

    cast: Cast
    waiting: Action  # for somebody to own it
    moving: Action
    judged: Action  # returned once, submitted again
    done: Action
    slipping: Action  # moved once, a second later date waits for the board
    doomed: Action  # the manager proposes that another take its place

    def address(self, route: str, *ids: int | str) -> str:
        return reverse(route, args=ids)


def world_of(cast: Cast) -> World:
    User.objects.filter(kind=User.Kind.USER).update(password=make_password("correct horse battery"))
    long_name = "Brief " + "neighbourhood-policing-and-partner-engagement-" * 3
    moving = ActionFactory(
        cast=cast,
        in_progress=True,
        ref="WY20-02",
        title=long_name,
        success_measure="Every team is briefed.\n\nOn paper.",
    )
    for marking in ("amber", "red"):
        moving = submit_progress(
            actor=cast.bradford_spoc,
            action=moving,
            narrative="One of five teams is left.",
            rag=marking,
            percent=50,
            state="in_progress",
            reason="Illness.",
            path_to_green="A relief sergeant from July.",
            at=AT,
        ).action
    evidence = {"actor": cast.bradford_spoc, "action": moving, "at": AT}
    add_evidence(**evidence, title="Attendance", file=SimpleUploadedFile("list.png", b64decode(PICTURE)))
    draft = add_evidence(**evidence, title="Agenda", url="https://example.org/draft")
    last = {"supersedes": draft, "expires_on": date(2020, 7, 3)}
    add_evidence(**evidence, title="Agenda", url="https://example.org/agenda", **last)
    judged = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-03")
    return_action(actor=cast.auditor, action=judged, note="Which teams?", at=AT)
    judged.refresh_from_db()
    submit_action(actor=cast.bradford_spoc, action=judged, note="All five, by name in the list.", at=AT)
    done = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-04")
    assure_action(actor=cast.auditor, action=done, note="Seen.", retest_on=date(2020, 12, 19), at=AT)
    doomed = ActionFactory(cast=cast, in_progress=True, ref="WY20-05")
    ClosureProposalFactory(cast=cast, action=doomed, superseded_by=moving)
    late = slipping(cast)
    waiting_on_both(cast, moving)
    QuestionFactory(cast=cast, action=moving)
    for action in (moving, judged, done, doomed):
        action.refresh_from_db()
    return World(cast, ActionFactory(cast=cast, unallocated=True), moving, judged, done, late, doomed)


@dataclass(frozen=True)
class Visit:
    """One page as one person sees it. `then` is what is done once there, when the page only answers a form."""

    route: str
    who: str
    given: Callable[[World], tuple[int | str, ...]] = lambda _: ()
    query: str = ""
    then: Callable[[Page], Any] | None = None
    name: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name or f"{self.route}{self.query} for {self.who}"

    def address(self, world: World) -> str:
        return world.address(self.route, *self.given(world)) + self.query

    def open(self, page: Page, address: str, *, is_there: bool = False) -> int:
        """Go there, unless the page is there, do what is to be done, and return the status of the last answer."""
        answer = None if is_there else page.goto(address)
        if self.then is not None:
            with page.expect_navigation() as navigation:
                self.then(page)
            answer = navigation.value
        return answer.status if answer else 0


def plan(world: World) -> tuple[int]:
    return (world.cast.plan.pk,)


def pillar(world: World) -> tuple[int, int]:
    return world.cast.plan.pk, world.cast.identify.pk


def waiting(world: World) -> tuple[int]:
    return (world.waiting.pk,)


def question(world: World) -> tuple[int, int]:
    return world.moving.pk, world.moving.questions.get().pk


def moving(world: World) -> tuple[int]:
    return (world.moving.pk,)


def judged(world: World) -> tuple[int]:
    return (world.judged.pk,)


def evidence_of(action: Action, title: str) -> tuple[int, int]:
    return action.pk, action.evidence.newest().get(title=title).pk


def done(world: World) -> tuple[int]:
    return (world.done.pk,)


def proposal(world: World) -> tuple[int, int]:
    return world.doomed.pk, world.doomed.closureproposals.get().pk


def wait(state: str) -> Callable[[World], tuple[int, int]]:
    return lambda world: (world.moving.pk, Dependency.objects.get(action=world.moving.pk, state=state).pk)


def entry(world: World) -> tuple[int, int]:
    return world.cast.yorkshire.pk, 1


def late(world: World) -> tuple[int]:
    return (world.slipping.pk,)


def due_date_request(world: World) -> tuple[int, int]:
    return world.slipping.pk, world.slipping.datechanges.open().get().pk


def answered(world: World) -> tuple[int, int]:
    return world.slipping.pk, world.slipping.datechanges.exclude(state="requested").get().pk


def step(world: World) -> tuple[int, int]:
    return world.slipping.pk, world.slipping.milestones.get(reached_on=None).pk


def reset_key(world: World) -> tuple[str, str]:
    user = User.objects.get(pk=world.cast.observer.pk)
    return user_pk_to_url_str(user), default_token_generator.make_token(user)


def press(button: str) -> Callable[[Page], None]:
    return lambda page: page.locator("main").get_by_role("button", name=button, exact=True).click()


def hands_over(outgoing: str, successor: str) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        for label, name in (("Who hands over", outgoing), ("Who takes over", successor)):
            box = page.get_by_label(label)
            box.select_option(box.locator("option").filter(has_text=name).first.get_attribute("value"))
        press("Check what will move")(page)

    return choose


def upload(content: bytes) -> Callable[[Page], None]:
    def send(page: Page) -> None:
        page.locator("input[type=file]").set_input_files(
            {"name": "plan.csv", "mimeType": "text/csv", "buffer": content}
        )
        press("Preview changes")(page)

    return send


VISITS = [
    Visit("account_login", ""),
    Visit("account_login", "", then=press("Sign in"), name="a sign-in that says nothing"),
    Visit("account_inactive", ""),
    Visit("account_signup", ""),
    Visit("account_reset_password", ""),
    Visit("account_reset_password_done", ""),
    Visit("account_reset_password_from_key", "", reset_key),
    Visit("account_reset_password_from_key_done", ""),
    Visit("web:accessibility", ""),
    Visit("web:about", ""),
    Visit("web:glossary", ""),
    Visit("web:privacy", ""),
    Visit("web:cookies", ""),
    Visit("api:docs", ""),
    Visit("account_logout", "bradford_spoc"),
    Visit("desk:my-work", "bradford_spoc"),
    Visit("desk:my-work", "manager"),
    Visit("desk:task-list", "manager"),
    Visit("desk:task-list", "bradford_spoc", query="?when=waiting", name="what waits for others"),
    Visit("desk:my-work", "stranger"),
    Visit("desk:search", "manager", query="?q=teams"),
    Visit(
        "desk:search",
        "manager",
        query="?q=teams&kind=recommendation",
        name="a kind of which nothing is found",
    ),
    Visit("desk:search", "leeds_spoc", query="?q=nothing-of-the-kind", name="a search that finds nothing"),
    Visit("desk:search", "manager", query="?q=", name="a search for nothing", status=422),
    Visit("actions:plan-list", "manager"),
    Visit("actions:plan-list", "stranger"),
    Visit("actions:plan", "manager", plan),
    Visit("actions:plan", "leeds_spoc", plan),
    Visit("actions:plan-mismatches", "manager", plan),
    Visit("actions:hand-over", "manager", plan),
    Visit(
        "actions:hand-over",
        "manager",
        plan,
        then=hands_over("Bradford spoc", "Leeds spoc"),
        name="what moves",
    ),
    Visit(
        *("actions:hand-over", "manager", plan),
        then=hands_over("Bradford spoc", "Bradford spoc"),
        name="nobody else",
        status=422,
    ),
    Visit("actions:plan-create", "manager"),
    Visit("actions:plan-create", "manager", then=press("Save"), name="no plan", status=422),
    Visit("actions:plan-edit", "manager", plan),
    Visit("actions:pillar-create", "manager", plan),
    Visit("actions:pillar-edit", "manager", pillar),
    Visit("importing:plan-import", "manager", plan),
    Visit("importing:plan-import", "manager", plan, then=upload(SHEET), name="a preview"),
    Visit(
        *("importing:plan-import", "manager", plan),
        then=upload(NONSENSE),
        name="a rejected file",
        status=422,
    ),
    Visit("actions:action-list", "manager"),
    Visit("actions:action-list", "manager", query="?state=in_progress&rag=red"),
    Visit("actions:action-list", "manager", query="?rag=none-such", status=422),
    Visit("actions:action-list", "stranger"),
    Visit("actions:action-create", "manager", plan),
    Visit("actions:action", "manager", waiting),
    Visit("actions:action", "bradford_spoc", moving),
    Visit("actions:action", "auditor", judged),
    Visit("actions:action", "auditor", done),
    Visit("actions:action-edit", "manager", moving),
    Visit("actions:action-allocate", "manager", waiting),
    Visit("actions:progress-create", "bradford_spoc", moving),
    Visit(
        *("actions:progress-create", "bradford_spoc", moving),
        then=press("Save update"),
        name="an update that says nothing",
        status=422,
    ),
    Visit("actions:progress-create", "bradford_spoc", judged, name="out of state", status=409),
    Visit("actions:action-submit", "bradford_spoc", moving),
    Visit("actions:evidence-add", "bradford_spoc", moving),
    Visit("actions:evidence-replace", "bradford_spoc", lambda world: evidence_of(world.moving, "Agenda")),
    Visit("actions:evidence-preview", "bradford_spoc", lambda world: evidence_of(world.moving, "Attendance")),
    Visit("actions:assurance-queue", "auditor"),
    Visit("actions:assurance-give", "auditor", judged),
    Visit("actions:action-reopen", "auditor", done),
    Visit("actions:action-retest", "auditor", done),
    Visit("actions:action-publication", "manager", moving),
    Visit("actions:action-districts", "manager", waiting),
    Visit(
        *("actions:action-districts", "manager", waiting),
        then=press("Split action"),
        name="an action divided among districts",
    ),
    Visit("actions:action-withdraw", "manager", moving),
    Visit("actions:action-supersede", "manager", moving),
    Visit("actions:action", "gold", lambda world: (world.doomed.pk,), name="an action proposed for closure"),
    Visit("actions:board-rating-record", "gold", moving),
    Visit(
        *("actions:board-rating-record", "gold", moving),
        then=press("Save rating"),
        name="no rating by the board",
        status=422,
    ),
    Visit("actions:closure-decide", "gold", proposal),
    Visit(
        *("actions:closure-decide", "gold", proposal),
        then=press("Save decision"),
        name="no decision",
        status=422,
    ),
    Visit("actions:closure-retract", "manager", proposal),
    Visit("actions:action", "gold", late, name="an action whose date moved"),
    Visit("actions:action-date-change", "bradford_spoc", moving),
    Visit(
        *("actions:action-date-change", "bradford_spoc", moving),
        then=press("Request new due date"),
        name="a request that says nothing",
        status=422,
    ),
    Visit("actions:action-date-change", "bradford_spoc", late, name="asked already", status=409),
    Visit("actions:date-change-decide", "gold", due_date_request),
    Visit(
        *("actions:date-change-decide", "gold", due_date_request),
        then=press("Save decision"),
        name="a decision that says nothing",
        status=422,
    ),
    Visit("actions:date-change-decide", "manager", answered, name="decided already", status=409),
    Visit("actions:date-change-withdraw", "bradford_spoc", due_date_request),
    Visit("actions:milestone-add", "bradford_spoc", late),
    Visit("actions:milestone-edit", "bradford_spoc", step),
    Visit(
        *("actions:milestone-edit", "bradford_spoc", step),
        then=press("Save milestone"),
        name="a milestone of which nothing is said",
        status=422,
    ),
    Visit("actions:action-cause-of-concern", "manager", late),
    Visit("actions:plan-slippage", "manager", plan),
    Visit("actions:plan-slippage", "leeds_spoc", plan, query="?rag=none-such", status=422),
    Visit("actions:plan-waiting", "manager", plan),
    Visit("actions:plan-waiting", "manager", plan, query="?waiting_on=0", name="no such partner", status=422),
    Visit("actions:action", "wakefield_contact", moving),
    Visit("actions:dependency-add", "bradford_spoc", moving),
    Visit(
        *("actions:dependency-add", "manager", moving),
        then=press("Send request"),
        name="a wait for nothing",
        status=422,
    ),
    Visit("actions:dependency-answer", "wakefield_contact", wait("requested")),
    Visit(
        *("actions:dependency-answer", "wakefield_contact", wait("requested")),
        then=press("Send answer"),
        name="an answer that says nothing",
        status=422,
    ),
    Visit("actions:dependency-end", "bradford_spoc", wait("requested")),
    Visit("actions:dependency-end", "bradford_spoc", wait("declined"), name="another way"),
    Visit("actions:dependency-end", "manager", wait("met"), name="what ended already", status=409),
    Visit("actions:question-add", "bradford_spoc", moving),
    Visit("actions:question-answer", "bradford_spoc", question),
    Visit(
        *("actions:question-answer", "bradford_spoc", question),
        then=press("Save answer"),
        name="an answer to a question without a word",
        status=422,
    ),
    Visit("desk:my-work", "wakefield_contact"),
    Visit("partners:ledger", "auditor"),
    Visit("partners:ledger-entry", "auditor", entry),
    Visit("partners:ledger", "auditor", then=press("Verify the ledger"), name="partners:ledger-verify"),
    Visit("partners:ledger", "manager", name="forbidden", status=403),
    Visit("actions:action", "leicestershire_manager", moving, name="not found", status=404),
]
EXCUSED = {
    "importing:plan-import-confirm": "leads back to the plan, or to the preview",
    "importing:recommendation-import-confirm": "leads back to the inspection, or to the preview",
    "actions:action-export/csv": "a file",
    "actions:action-export/xlsx": "a file",
    "actions:action-release": "leads back to the action",
    "actions:evidence-download": "a file",
    "partners:ledger-export": "a file",
    "desk:tasks-seen": "leads back to My work",
    "web:session-extend": "answers the button of a script",
    "web:unsaved-discard": "leads back to the form",
    **dict.fromkeys(("web:livez", "web:readyz", "web:security-txt", "oauth-token"), "for programs"),
}

"""Search: what is found, in which order, by whom, and what is said of it. The engines differ in spelling only."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.actions.services import edit_action
from actions.models import Action
from audit.actors import SYSTEM
from desk.models import SearchWord
from desk.search.services.finding import Results, search
from desk.search.services.kinds import Kind
from desk.search.services.postgresql import FullText
from desk.search.services.sources import BEGINNING, END, SOURCES, WHOLE
from desk.search.services.terms import Terms
from desk.search.services.words import learn_words
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory, submit_progress
from tests.inspections.factories import InspectionFactory, RecommendationFactory

PAGE = "/search/"
only_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only on PostgreSQL")
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}


def hits(user: Any, text: str, *kinds: Kind) -> Results:
    return search(actor=user, text=text, on=TODAY, kinds=kinds)


def names(user: Any, text: str, *kinds: Kind) -> list[str]:
    """What is found, as a kind and the reference or number of each."""
    names_seen = []
    for hit in hits(user, text, *kinds)[:100]:
        row = hit.row.action if hit.kind == Kind.UPDATE else hit.row
        names_seen.append(f"{hit.kind.value} {row.number if hit.kind == Kind.RECOMMENDATION else row.ref}")
    return names_seen


def excerpts(user: Any, text: str) -> list[str]:
    return [hit.excerpt for hit in hits(user, text)[:100]]


def update(cast: Cast, action: Action, narrative: str, **changes: Any) -> None:
    submit_progress(
        actor=action.owner,
        action=action,
        narrative=narrative,
        percent=50,
        at=AT,
        **{"rag": "green"} | changes,
    )


# What is found ----------------------------------------------------------------------------------------------------


def test_actions_updates_and_findings_are_found_by_their_words(cast: Cast) -> None:
    RecommendationFactory(
        cast=cast, text="Forces should publish a zeppelin policy.", deadline_phrase="By 1 May, mooring"
    )
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-01", title="Buy a zeppelin")
    ActionFactory(
        cast=cast,
        unallocated=True,
        ref="WY20-02",
        description="Moor the zeppelin.",
        success_measure="Two hangars.",
    )
    update(cast, action, "The zeppelin came.", next_steps="Paint it.")
    late = {"rag": "red", "reason": "Wind blew.", "path_to_green": "Await a calm."}
    update(cast, ActionFactory(cast=cast, in_progress=True, ref="WY20-03"), "Nothing flew.", **late)

    assert (
        names(cast.manager, "zeppelin")[0] == "action WY20-01"
    )  # in its title: before those that only mention it
    assert set(names(cast.manager, "zeppelin")) == {
        *("action WY20-01", "action WY20-02", "update WY20-01", "recommendation 1")
    }
    assert names(cast.manager, "hangars") == ["action WY20-02"]
    assert names(cast.manager, "paint") == names(cast.manager, "PAINT") == ["update WY20-01"]
    assert names(cast.manager, "wind blew") == names(cast.manager, "await calm") == ["update WY20-03"]
    assert names(cast.manager, "mooring 1") == ["recommendation 1"]
    assert names(cast.manager, "CT4 publish") == [
        "recommendation 1"
    ]  # a word of its inspection and one of its own
    assert names(cast.manager, "zeppelin hangars painted blue") == []


def test_a_reference_comes_first_whole_or_by_its_end_or_beginning(cast: Cast) -> None:
    for ref in ("WY20-SG-03", "WY20-SG-031", "WY19-SG-03", "WY20-SG-03-BD", "WY20-XSG-03"):
        ActionFactory(cast=cast, unallocated=True, ref=ref)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", title="Follow WY20-SG-03 up, and sg-03 again")
    assert names(cast.manager, "wy20-sg-03")[:2] == ["action WY20-SG-03", "action WY20-SG-03-BD"]
    assert names(cast.manager, "sg-03")[:2] == ["action WY19-SG-03", "action WY20-SG-03"]
    assert names(cast.manager, "WY20-SG")[:3] == [
        *("action WY20-SG-03-BD", "action WY20-SG-031", "action WY20-SG-03")
    ]
    assert "action WY20-01" in names(cast.manager, "sg-03")[2:]


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("REC 4", "REC 4"),
        ("rec  4", "REC 4"),
        ("REC 4-BRA", "REC 4-BRA"),
        ("1.1(a)", "1.1(a)"),
        ("1.1(A)", "1.1(a)"),
        ("R1 & R2", "R1 & R2"),
        ("CT4\u20112", "CT4-2"),
    ],
)
def test_a_reference_with_spaces_and_brackets_comes_first(cast: Cast, text: str, ref: str) -> None:
    for each in ("REC 4", "REC 4-BRA", "REC 14", "1.1(a)", "1.1(b)", "R1 & R2", "CT4-2"):
        ActionFactory(cast=cast, unallocated=True, ref=each, title="Brief REC 4, 1.1(a), R1 & R2 and CT4-2")
    assert names(cast.manager, text)[0] == f"action {ref}"


def test_words_between_quotation_marks_stand_together_and_a_minus_leaves_a_word_out(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", title="Community safety first")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", title="Safety of the community")
    assert names(cast.manager, '"community safety"') == ["action WY20-01"]
    assert names(cast.manager, "community safety -first") == ["action WY20-02"]


def test_one_kind_alone_is_listed_and_all_kinds_are_counted(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, title="Zeppelin")
    for narrative in ("First zeppelin.", "Second zeppelin."):
        update(cast, action, narrative)
    some = hits(cast.manager, "zeppelin", Kind.UPDATE)
    assert (len(some), some.total) == (2, 3)
    assert some.numbers == dict.fromkeys(Kind, 0) | {Kind.ACTION: 1, Kind.UPDATE: 2}
    assert {hit.kind for hit in some[:10]} == {Kind.UPDATE}


def test_a_search_beyond_the_ranked_limit_says_so_and_shows_the_newest(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("services.sources", "services.postgresql", "services.finding"):
        monkeypatch.setattr(f"desk.search.{module}.LIMIT", 2)
    for number in range(1, 5):
        ActionFactory(cast=cast, unallocated=True, ref=f"WY20-0{number}", title="Zeppelin")
    some = hits(cast.manager, "zeppelin")
    assert (len(some), some.cut) == (2, [Kind.ACTION])
    assert names(cast.manager, "zeppelin") == ["action WY20-04", "action WY20-03"]
    assert "Only the newest 2 actions are listed" in body(signed_in("manager"), "zeppelin")


# Who finds it -------------------------------------------------------------------------------------------------------


def test_only_visible_rows_are_found_counted_or_quoted(cast: Cast) -> None:
    secret = ActionFactory(cast=cast, in_progress=True, ref="ZB-1", title="Zebra house", **SENSITIVE)
    update(cast, secret, "The zebra moved.")
    RecommendationFactory(cast=cast, text="Forces should count zebras.")
    who = {
        "manager": 3,
        "auditor": 3,
        "bradford_spoc": 3,
        "leeds_spoc": 1,  # the OFFICIAL finding
        "wakefield_contact": 0,
        "observer": 0,
        "former_spoc": 0,
        "administrator": 0,
        "leicestershire_manager": 0,
        "stranger": 0,
    }
    for text in ("zebra", "ZB-1 zebra"):
        assert len(hits(cast.leicestershire_manager, text)) == 0
    assert {name: len(hits(cast.person(name), "zebra")) for name in who} == who
    assert names(cast.leeds_spoc, "ZB-1") == []


def test_a_supporting_partner_finds_only_what_it_supports(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01", title="Zeppelin")
    mine = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", title="Zeppelin")
    for action in Action.objects.all():
        update(cast, action, "A zeppelin.")
    edit_action(actor=cast.manager, action=mine, supporting=[cast.wakefield_council], at=AT)
    assert set(names(cast.wakefield_contact, "zeppelin")) == {"action WY20-02", "update WY20-02"}


# Excerpts -----------------------------------------------------------------------------------------------------------


def test_an_excerpt_marks_the_words_and_escapes_the_rest(cast: Cast) -> None:
    text = (
        "Start. "
        + "filler words here " * 30
        + '<script>alert("x")</script> a Zeppelin & more. '
        + "end " * 90
    )
    ActionFactory(cast=cast, unallocated=True, description=text)
    (excerpt,) = excerpts(cast.manager, "zeppelin")
    assert "<mark>Zeppelin</mark>" in excerpt
    assert "<script" not in excerpt
    assert "&amp; more" in excerpt
    assert len(excerpt) < 500


def test_marks_that_a_text_brings_along_are_not_printed(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    Action.objects.filter(pk=action.pk).update(description="\x02zeppelin\x03\x03 <b>flies</b> \x02away")
    (excerpt,) = excerpts(cast.manager, "zeppelin")
    assert excerpt.count("<mark>") == excerpt.count("</mark>") == 1
    assert not {"\x02", "\x03"} & set(excerpt)


# Spelling -----------------------------------------------------------------------------------------------------------


@only_postgresql
def test_other_forms_of_a_word_are_found(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, title="Refer pupils to Channel")
    assert names(cast.manager, "referred pupil") == ["action WY20-01"]
    assert names(cast.manager, "the") == []


@only_postgresql
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("radicalization", "Challenge radicalisation in prisons"),
        ("safegaurding", "Brief safeguarding leads"),
        ("the safegaurding brefings", "Hold safeguarding briefings"),
        ("bradfrod", "Brief Bradford"),
        ("chanel referal", "Review Channel referrals"),
    ],
)
def test_a_misspelt_word_finds_what_it_meant(cast: Cast, typed: str, title: str) -> None:
    ActionFactory(cast=cast, unallocated=True, title=title)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", title="Something else")
    assert names(cast.manager, typed) == []
    learn_words(actor=SYSTEM)
    assert names(cast.manager, typed) == ["action WY20-01"]


@only_postgresql
def test_exact_matches_come_before_similar_ones(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", title="Radicalization")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", title="Radicalisation, radicalisation")
    learn_words(actor=SYSTEM)
    assert names(cast.manager, "radicalization") == ["action WY20-01", "action WY20-02"]
    assert names(cast.manager, '"radicalization"') == ["action WY20-01"]
    assert "<mark>" not in "".join(excerpts(cast.manager, "nothing of the kind"))


@only_postgresql
def test_words_are_forgotten_with_the_texts_they_stood_in(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True, title="Zeppelins")
    assert learn_words(actor=SYSTEM) == SearchWord.objects.count()
    assert SearchWord.objects.filter(word="zeppelins").exists()
    edit_action(actor=cast.manager, action=action, title="Balloons", at=AT)
    learn_words(actor=SYSTEM)
    assert not SearchWord.objects.filter(word="zeppelins").exists()


INDEXED = [source for source in SOURCES if not any("__" in heading for heading in source.headings)]
"""What there are few of, such as meetings of a board, is searched with the words of another table, and needs none."""


@only_postgresql
def test_the_indexes_serve_the_questions_that_are_asked(cast: Cast) -> None:
    engine = FullText.of(Terms.of("zeppelin -balloon"))
    with connection.cursor() as cursor:
        # So few rows are read faster without any index.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for source in INDEXED:
            with CaptureQueriesContext(connection) as captured:
                engine.ranks(source, source.model.objects.all())
            cursor.execute(f"EXPLAIN {captured.captured_queries[0]['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert f"{source.model._meta.model_name}_search" in plan


# The page -----------------------------------------------------------------------------------------------------------


def body(client: Client, text: str, status: int = 200, **more: Any) -> str:
    response = client.get(PAGE, {"q": text} | more)
    assert response.status_code == status, text
    return response.content.decode()


def test_every_page_has_the_box_for_those_with_a_membership(cast: Cast, signed_in: Any) -> None:
    box = f'<form method="get" action="{PAGE}" class="app-search__form">'
    for address in ("/", "/actions/", PAGE, "/recommendations/"):
        assert box in signed_in("leeds_spoc").get(address).content.decode()
    assert box in signed_in("leeds_spoc").get("/plans/0/").content.decode()
    for nobody in (signed_in("stranger"), signed_in("former_spoc"), Client()):
        assert box not in nobody.get("/", follow=True).content.decode()


def test_the_page_shows_its_results_counts_and_highest_marking(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True, title="Zeppelin", **SENSITIVE)
    update(cast, action, "The zeppelin flew.")
    page = body(signed_in("manager"), "zeppelin")
    for text in ("Everything (2)", "Actions (1)", "Updates (1)", "Findings (0)", "OFFICIAL-SENSITIVE"):
        assert text in page
    assert f'href="/actions/{action.pk}/?history=updates#update-{action.updates.first().pk}"' in page
    assert "<mark>zeppelin</mark> flew" in page
    alone = body(signed_in("manager"), "zeppelin", kind="recommendation")
    assert "No results of this kind" in alone


def test_pages_follow_each_other_and_end(cast: Cast, signed_in: Any) -> None:
    for number in range(30):
        ActionFactory(cast=cast, unallocated=True, ref=f"WY20-{number:02}", title="Zeppelin")
    client = signed_in("manager")
    assert "Showing 26 to 30 of 30 results" in body(client, "zeppelin", page="2")
    body(client, "zeppelin", page="3", status=404)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter what to search for"),
        ("   ", "Enter what to search for"),
        ("a", "Enter 2 characters or more"),
        ("%%__", "Enter a word or a reference"),
        ("x" * 101, "must be 100 characters or fewer"),
        ("zep\x00pelin", "Null characters are not allowed"),
    ],
)
def test_an_unusable_search_is_explained(cast: Cast, signed_in: Any, typed: str, message: str) -> None:
    page = body(signed_in("manager"), typed, status=422)
    assert message in page
    assert "No results" not in page


def test_a_kind_that_is_none_is_refused(cast: Cast, signed_in: Any) -> None:
    body(signed_in("manager"), "zeppelin", kind="people", status=422)


def test_hostile_words_find_nothing_and_break_nothing(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    learn_words(actor=SYSTEM)
    client = signed_in("manager")
    for typed in (
        *("'zq", '"zq', '""zq""', "zq%", "_zq_", "\\zq\\", "zq & | ! :*", "(zq", "<->zq", "zq:*A", "zq';--"),
        *(
            "-zq",
            "or zq",
            "zq or",
            "--zq -",
            "the of and qz",
            "é\u0301zq",
            "zq\u202e",
            "\U0001f388zq",
            "%s%(a)szq",
        ),
        "zq " * 33,
    ):
        assert "No results" in body(client, typed)
    assert "&lt;b&gt;zq" in body(client, '"><b>zq')


@pytest.mark.parametrize("person", ["manager", "wakefield_contact"])
def test_many_results_take_no_more_queries_than_few(cast: Cast, signed_in: Any, person: str) -> None:
    client = signed_in(person)
    inspection = InspectionFactory(cast=cast)

    def add_results(number: int) -> None:
        RecommendationFactory(
            cast=cast,
            inspection=inspection,
            number=f"{number}",
            text="A zeppelin.",
            lead=cast.wakefield_council,
        )
        action = ActionFactory(
            cast=cast,
            in_progress=True,
            ref=f"WY20-{number}",
            title="Zeppelin",
            supporting=[cast.wakefield_council],
        )
        update(cast, action, "The zeppelin.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            body(client, "zeppelin")
        return len(captured)

    add_results(1)
    few = queries()
    for number in range(2, 7):
        add_results(number)
    assert len(hits(cast.person(person), "zeppelin")) == 18
    assert queries() == few


def test_ranks_and_tiers_cannot_meet() -> None:
    assert WHOLE > END > BEGINNING > 2

"""Tables about the actions of a plan."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.utils.translation import gettext

from actions.core.states import RequestState, State
from reports.figures.cells import JsonDict, count, number, row, share, table, words
from reports.record.rows import ActionRow, Record, ReturnRow
from standards import rag as ratings
from web.language import lazy_text

STATES = (
    State.AWAITING_ALLOCATION,
    State.NOT_STARTED,
    State.IN_PROGRESS,
    State.AWAITING_ASSURANCE,
    State.COMPLETE,
    State.WITHDRAWN,
    State.SUPERSEDED,
)
AGES = (
    (lazy_text("1 to 30 days"), 1, 30),
    (lazy_text("31 to 90 days"), 31, 90),
    (lazy_text("91 to 180 days"), 91, 180),
)
OLDEST = (lazy_text("Over 180 days"), 181)
RETURN_WORDS = {"submitted": "Received for {period}", "returned": "Returned with a question"}
Group = Callable[[ActionRow], str]


def refs(rows: Iterable[ActionRow]) -> list[str]:
    return [action.ref for action in rows]


def pillar_of(action: ActionRow) -> str:
    return action.pillar


def district_of(action: ActionRow) -> str:
    return action.district


def by_pillar(record: Record) -> list[JsonDict]:
    """Count the actions of each pillar by status, and the rated ones by declared RAG."""
    return [
        _crossed(
            record,
            key="state-by-pillar",
            caption=gettext("Actions by pillar and status"),
            heading=gettext("Pillar"),
            groups=record.pillars,
            group=pillar_of,
            columns=[(str(state.label), _in_state(state)) for state in STATES],
        ),
        _crossed(
            record,
            key="rag-by-pillar",
            caption=gettext("Actions in progress or awaiting assurance, by pillar and declared RAG"),
            heading=gettext("Pillar"),
            groups=record.pillars,
            group=pillar_of,
            columns=[
                *((rating.label, _rated(rating.value)) for rating in ratings.Rag),
                (gettext("Not rated"), _rated("")),
            ],
            of=[action for action in record.actions if action.is_rated],
        ),
    ]


def by_district(record: Record) -> list[JsonDict]:
    """Count the actions of each district and pillar."""
    columns = [(pillar, _in_group(pillar_of, pillar)) for pillar in record.pillars]
    return [
        _crossed(
            record,
            key="district-by-pillar",
            caption=gettext("Actions by district and pillar"),
            heading=gettext("District"),
            groups=record.districts,
            group=district_of,
            columns=columns,
        )
    ]


def side_by_side(record: Record) -> list[JsonDict]:
    """Put the districts side by side, with what their returns say of themselves."""
    received = {line.district: line for line in record.returns}
    lines = []
    for district in record.districts:
        mine = [action for action in record.actions if action.district == district]
        lines.append(row(district, [*_measures(record, mine), words(_return_words(received, district))]))
    lines.append(row("All", [*_measures(record, record.actions), words("")], is_total=True))
    return [
        table(
            "districts",
            "Districts side by side",
            ["District", "Actions", "Open", "Complete", "Overdue", "Red", "Amber", "Waiting", "Return"],
            lines,
            note="Percentages are rounded.",
        )
    ]


def overdue(record: Record) -> list[JsonDict]:
    """Count overdue actions by age, against the due date and against the original one."""
    lines = []
    for label, first, last in [*AGES, (*OLDEST, 10**6)]:
        cells = [
            count(
                action.ref
                for action in record.actions
                if first <= action.days_overdue(record.on, original=original) <= last
            )
            for original in (False, True)
        ]
        lines.append(row(str(label), cells))
    totals = [
        count(
            action.ref for action in record.actions if action.days_overdue(record.on, original=original) > 0
        )
        for original in (False, True)
    ]
    lines.append(row("All", totals, is_total=True))
    return [
        table(
            "overdue",
            "Overdue actions by age",
            ["Days overdue", "By the due date now", "By the original due date"],
            lines,
        )
    ]


def slippage(record: Record) -> list[JsonDict]:
    """Add up changed due dates by district."""
    lines = []
    for district in [*record.districts, ""]:
        dated = [
            action
            for action in record.actions
            if action.original_due is not None and district in ("", action.district)
        ]
        moved = [action for action in dated if action.moves]
        days = sum(max(0, action.days_slipped) for action in dated)
        lines.append(
            row(
                district or "All",
                [
                    share(refs(moved), refs(dated)),
                    count(action.ref for action in moved if action.moves == 1),
                    count(action.ref for action in moved if action.moves > 1),
                    number(days),
                ],
                is_total=not district,
            )
        )
    return [
        table(
            "slippage",
            "Changed due dates by district",
            ["District", "Date changed", "Once", "Twice or more", "Days slipped"],
            lines,
            note="Days slipped are from the original due date to the due date now. Earlier dates do not offset them. Percentages are rounded.",
        )
    ]


def waiting(record: Record) -> list[JsonDict]:
    """List what actions are waiting for."""
    lines = [
        row(
            wait.ref,
            [
                words(wait.organisation),
                words(wait.needed),
                words(f"{wait.since:%-d %B %Y}"),
                number((record.on - wait.since).days),
                words("Acknowledged" if wait.acknowledged else "Not answered"),
            ],
            ref=wait.ref,
        )
        for wait in record.waits
    ]
    return [
        table(
            "waiting",
            "Waiting on partners",
            ["Action", "Waiting on", "What is needed", "Since", "Days", "Answer"],
            lines,
        )
    ]


def date_changes(record: Record, since: str | None) -> list[JsonDict]:
    """List the due dates that changed since the last paper, and requests that are not decided.

    Args:
        since: the day of the last paper, as ISO 8601; None for the first, which lists all.
    """
    lines = [
        row(
            change.ref,
            [
                words(f"{change.old_due:%-d %B %Y}"),
                words(f"{change.new_due:%-d %B %Y}"),
                words(str(RequestState(change.state).label)),
                words(change.reason),
            ],
            ref=change.ref,
        )
        for change in record.date_changes
        if change.state in (RequestState.REQUESTED, RequestState.APPROVED)
        and (change.decided_on is None or since is None or change.decided_on.isoformat() > since)
    ]
    return [
        table(
            "date-changes",
            "Due date changes",
            ["Action", "From", "To", "Status", "Reason"],
            lines,
        )
    ]


def appendix(record: Record) -> list[JsonDict]:
    """List every action that the paper counts, with the ratings of boards where there are any."""
    by_board = any(action.board_rag for action in record.actions)
    lines = [
        row(
            action.ref,
            [
                words(action.title),
                words(action.pillar),
                words(action.district),
                words(action.lead or "Not allocated"),
                words(_date(action.original_due)),
                words(_date(action.due)),
                number(action.moves),
                words(str(State(action.state).label)),
                number(action.percent),
                words(action.rag.capitalize() or "Not rated"),
                words(action.computed(record.on).capitalize() or "Not rated"),
                *([words(action.board_rag.capitalize() or "Not rated")] if by_board else []),
                words(_date(action.last_reported_on)),
            ],
            ref=action.ref,
        )
        for action in record.actions
    ]
    columns = [
        *("Action", "Title", "Pillar", "District", "Lead organisation", "Original due date", "Due date"),
        *("Times moved", "Status", "Done, out of 100", "Declared RAG", "Computed RAG"),
        *(("Board RAG",) if by_board else ()),
        "Last update",
    ]
    return [table("appendix", "Actions", columns, lines)]


def _crossed(
    record: Record,
    *,
    key: str,
    caption: str,
    heading: str,
    groups: Sequence[str],
    group: Group,
    columns: Sequence[tuple[str, Callable[[ActionRow], bool]]],
    of: Sequence[ActionRow] | None = None,
) -> JsonDict:
    actions = record.actions if of is None else of
    lines = []
    for name in groups:
        mine = [action for action in actions if group(action) == name]
        cells = [count(refs(filter(test, mine))) for _, test in columns]
        lines.append(row(name, [*cells, count(refs(mine))]))
    totals = [count(refs(filter(test, actions))) for _, test in columns]
    lines.append(row("All", [*totals, count(refs(actions))], is_total=True))
    return table(key, caption, [heading, *(label for label, _ in columns), "All"], lines)


def _measures(record: Record, rows: Sequence[ActionRow]) -> list[JsonDict]:
    return [
        count(refs(rows)),
        count(action.ref for action in rows if action.is_open),
        share(
            [action.ref for action in rows if action.state == State.COMPLETE],
            refs(rows),
        ),
        count(action.ref for action in rows if action.days_overdue(record.on)),
        count(action.ref for action in rows if action.rag == ratings.Rag.RED),
        count(action.ref for action in rows if action.rag == ratings.Rag.AMBER),
        count(action.ref for action in rows if action.waiting_since is not None),
    ]


def _return_words(received: dict[str, ReturnRow], district: str) -> str:
    line = received.get(district)
    if line is None:
        return "Not expected"
    return RETURN_WORDS.get(line.state, "Not received").format(period=line.period)


def _in_state(state: State) -> Callable[[ActionRow], bool]:
    return lambda action: action.state == state


def _rated(rating: str) -> Callable[[ActionRow], bool]:
    return lambda action: action.rag == rating


def _in_group(group: Group, name: str) -> Callable[[ActionRow], bool]:
    return lambda action: group(action) == name


def _date(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "None"

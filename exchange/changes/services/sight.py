"""What one reader saw before and after each entry, by the object rules and the states in the ledger.

The rights are those of the day of reading: who joins an organisation today reads what it could see before, as on the
pages. Rows are read as they were at the entry, so a row hidden then stays hidden.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, Q

from actions.core import policies as action_rules
from actions.models import Action
from audit.actors import Actor
from audit.models import Entry, Tracked
from exchange.changes.services.kinds import ACTIONS, BY_LABEL, BY_STATE, Kind
from inspections.core import policies as finding_rules
from inspections.models import ActionLink, Inspection, Recommendation
from partners.policies import Rights, Role, audited_partnerships, rights_of
from standards.marking import Marking

State = Mapping[str, Any]
ACTION = Action._meta.label_lower
Ids = set[int]


@dataclass(frozen=True)
class Judged:
    """An entry, and whether the reader saw its row before it and after it."""

    entry: Entry
    before: bool
    after: bool
    action_id: str | None = None


@dataclass
class Sight:
    """One reader's sight of one partnership's ledger, from one entry to the next.

    Args:
        scopes: what the reader's token may read; all of `kinds.SCOPES` for a person.
    """

    actor: Actor
    on: date
    scopes: Collection[str]
    partnership_id: int
    action_visibility: dict[str, bool] = field(default_factory=dict)
    """Whether the reader saw an action after the last entry read about it."""

    def __post_init__(self) -> None:
        self.rights: Rights = rights_of(self.actor, self.on)
        self.audits = self.partnership_id in audited_partnerships(self.rights)

    def judge(self, entries: Sequence[Entry]) -> list[Judged]:
        """Judge entries that follow one another, in a number of queries that does not grow with them."""
        in_feed = [entry for entry in entries if self._is_in_feed(entry)]
        self._remember(entries)
        through = self._visible_parents(in_feed)
        findings = _Findings(self, in_feed)
        judged = []
        for entry in entries:
            if entry.target_type == ACTION:
                self.action_visibility[entry.target_id] = self._saw_action(entry.state)
            if self._is_in_feed(entry):
                judged.append(self._judge(entry, through, findings))
        return judged

    def _is_in_feed(self, entry: Entry) -> bool:
        if entry.target_type not in BY_LABEL:
            # Rows without an endpoint are read in the ledger, by users who may read it.
            return self.audits and ACTIONS in self.scopes
        return BY_LABEL[entry.target_type][1].scope in self.scopes

    def _judge(self, entry: Entry, through: Mapping[type[Tracked], Ids], findings: "_Findings") -> Judged:
        there = [state is not None for state in _states(entry)]
        if entry.target_type not in BY_LABEL:
            return Judged(entry, there[0], there[1])
        model, kind = BY_LABEL[entry.target_type]
        action_id = _action_of(entry, kind)
        if model is Action:
            saw = [self._saw_action(state) for state in _states(entry)]
        elif model in BY_STATE:
            saw = [findings.saw(model, state) for state in _states(entry)]
        else:
            is_visible = self._sees(entry, kind, through, action_id) and findings.opens(model, entry)
            saw = [is_visible and each for each in there]
        return Judged(entry, saw[0], saw[1], entry.target_id if model is Action else action_id)

    def _sees(
        self, entry: Entry, kind: Kind, through: Mapping[type[Tracked], Ids], action_id: str | None
    ) -> bool:
        if kind.of_action and not self.action_visibility.get(action_id or "", False):
            return False
        return kind.through is None or _named(entry, kind.through[1]) in through[kind.through[0]]

    def _saw_action(self, state: State | None) -> bool:
        if state is None:
            return False
        action = Action(
            partnership_id=state["partnership"],
            lead_id=state.get("lead"),
            marking=state.get("marking", Marking.OFFICIAL_SENSITIVE),
        )
        return action_rules.may_see(self.rights, action, state.get("supporting") or ())

    def _remember(self, entries: Sequence[Entry]) -> None:
        """Read the earlier states of actions whose first entry here is about one of their rows."""
        needed: set[str] = set()
        met: set[str] = set(self.action_visibility)
        for entry in entries:
            if entry.target_type == ACTION:
                met.add(entry.target_id)
            elif entry.target_type in BY_LABEL:
                action_id = _action_of(entry, BY_LABEL[entry.target_type][1])
                needed |= {action_id} - met if action_id else set()
        if not needed:
            return
        earlier = Entry.objects.filter(
            ledger=entries[0].ledger_id,
            target_type=ACTION,
            target_id__in=needed,
            sequence__lt=entries[0].sequence,
        )
        newest = earlier.order_by().values("target_id").annotate(newest=Max("sequence")).values("newest")
        rows = Entry.objects.filter(ledger=entries[0].ledger_id, sequence__in=newest)
        for target_id, state in rows.values_list("target_id", "state"):
            self.action_visibility[target_id] = self._saw_action(state)

    def _visible_parents(self, entries: Iterable[Entry]) -> dict[type[Tracked], Ids]:
        parents: dict[type[Tracked], Ids] = {}
        for entry in entries:
            through = BY_LABEL[entry.target_type][1].through if entry.target_type in BY_LABEL else None
            if through is not None:
                parents.setdefault(through[0], set()).add(_named(entry, through[1]))
        return {model: self.visible_now(model, pks) for model, pks in parents.items()}

    def visible_now(self, model: type[Tracked], pks: Collection[int]) -> Ids:
        """Keep the ids of the rows that the reader sees at this moment."""
        rows: Any = model._default_manager
        return set(rows.visible_to(self.actor, self.on).filter(pk__in=pks).values_list("pk", flat=True))


class _Findings:
    """Inspections and their findings at some entries: by their own states, and by the links that stand now.

    The present marking of the inspection counts too: once it is sensitive, earlier changes are hidden.
    """

    def __init__(self, sight: Sight, entries: Iterable[Entry]) -> None:
        self.sight = sight
        rows: Ids = set()
        reports: Ids = set()
        for entry in entries:
            model = BY_LABEL[entry.target_type][0] if entry.target_type in BY_LABEL else None
            if model is Recommendation:
                rows.add(int(entry.target_id))
                reports.add(_named(entry, "inspection"))
            elif model is ActionLink:
                rows.add(_named(entry, "recommendation"))
            elif model is Inspection:
                reports.add(int(entry.target_id))
        self.inspections = self._inspections(rows, reports) if rows or reports else {}
        self.answered = self._answered(Q(recommendation__in=rows)) if rows else set()
        self.parts = self._parts(reports) if reports else set()
        self.of_row = (
            dict(Recommendation.objects.filter(pk__in=rows).values_list("pk", "inspection")) if rows else {}
        )

    def saw(self, model: type[Tracked], state: State | None) -> bool:
        """Return whether the reader saw the inspection or the recommendation in this state."""
        if state is None:
            return False
        rights = self.sight.rights
        if model is Inspection:
            row = Inspection(
                partnership_id=state["partnership"],
                marking=state.get("marking", Marking.OFFICIAL_SENSITIVE),
            )
            return finding_rules.may_see_inspection(
                rights, row, self.sight.on, has_part=state["id"] in self.parts
            )
        report = self.inspections.get(state["inspection"])
        finding = Recommendation(inspection=report, lead_id=state.get("lead"))
        answers = [state["id"]] if state["id"] in self.answered else []
        return report is not None and finding_rules.may_see(rights, finding, answers, self.sight.on)

    def opens(self, model: type[Tracked], entry: Entry) -> bool:
        """Return whether a link is visible: its finding is, through the action, unless the report is sensitive."""
        if model is not ActionLink:
            return True
        pk = _named(entry, "recommendation")
        report = self.inspections.get(self.of_row.get(pk, 0))
        return report is not None and finding_rules.may_see(
            self.sight.rights, Recommendation(inspection=report), [pk], self.sight.on
        )

    def _inspections(self, rows: Ids, reports: Ids) -> dict[int, Inspection]:
        condition = Q(pk__in=reports) | Q(recommendations__in=rows)
        return {row.pk: row for row in Inspection.objects.filter(condition).distinct()}

    def _answered(self, which: Q) -> Ids:
        visible = Action.objects.visible_to(self.sight.actor, self.sight.on)
        return set(
            ActionLink.objects.filter(which, action__in=visible).values_list("recommendation", flat=True)
        )

    def _parts(self, reports: Ids) -> Ids:
        led = self.sight.rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
        answered = self._answered(Q(recommendation__inspection__in=reports))
        rows = Recommendation.objects.filter(Q(lead__in=led) | Q(pk__in=answered), inspection__in=reports)
        return set(rows.values_list("inspection", flat=True))


def _states(entry: Entry) -> tuple[State | None, State | None]:
    """Return the row's state before and after the entry; None where it did not exist."""
    after: State | None = entry.state
    was_made = "id" in entry.changes and entry.changes["id"][0] is None
    before = (
        None if was_made else {**(after or {}), **{name: old for name, (old, _) in entry.changes.items()}}
    )
    return before, after


def _either(entry: Entry) -> State:
    before, after = _states(entry)
    return after or before or {}


def _named(entry: Entry, name: str) -> int:
    return int(entry.target_id) if name == "id" else int(_either(entry).get(name) or 0)


def _action_of(entry: Entry, kind: Kind) -> str | None:
    action_id = _either(entry).get("action") if kind.of_action else None
    return None if action_id is None else str(action_id)

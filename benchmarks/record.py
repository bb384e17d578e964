"""Measure listing, searching, recording, exporting and verifying, each compared with simpler code."""

import csv
import hashlib
import io
from collections.abc import Callable

from django.core.management import call_command
from django.db import transaction

from actions.actions.services import edit_action
from actions.models import Action
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from audit.verify import canonical
from benchmarks.stage import AT, Stage
from partners.models import Board
from partners.organisations.services import save_reference
from reports.papers.queries import content_of, differences_of, full
from reports.papers.services.drafting import draft_paper
from reports.papers.views.files import files_of
from reports.templates.services import add_template

FEW, MANY = 100, 10_000
DISTRICTS, EACH = 5, 200
Compare = Callable[[str, Callable[[], object], str, Callable[[], object]], None]


def run(compare: Compare) -> None:
    call_command("migrate", verbosity=0)
    small, large = Stage("Small", FEW), Stage("Large", MANY)
    _listing(compare, small, large)
    _searching(compare, small, large)
    _recording(compare, small)
    _exporting(compare, large)
    _verifying(compare, large)
    _building(compare)


def _listing(compare: Compare, small: Stage, large: Stage) -> None:
    compare(
        f"action list, {MANY:,} actions",
        lambda: large.get("/actions/?sort=due"),
        f"the same page, {FEW} actions",
        lambda: small.get("/actions/?sort=due"),
    )
    compare(
        f"plan page, {MANY:,} actions",
        lambda: large.get(f"/plans/{large.plan.pk}/"),
        f"the same page, {FEW} actions",
        lambda: small.get(f"/plans/{small.plan.pk}/"),
    )


def _searching(compare: Compare, small: Stage, large: Stage) -> None:
    compare(
        f"search that finds {MANY:,} actions and ranks the newest",
        lambda: large.get("/search/?q=sentence"),
        f"the same page, {FEW} actions",
        lambda: small.get("/search/?q=sentence"),
    )


def _recording(compare: Compare, stage: Stage) -> None:
    titles = iter(range(10**6))

    def edit() -> None:
        edit_action(actor=stage.manager, action=stage.first, title=f"Title {next(titles)}", at=AT)

    def save() -> None:
        with transaction.atomic():
            row = Action.objects.select_for_update().get(pk=stage.first.pk)
            Action.objects.filter(pk=row.pk).update(priority=row.priority)

    compare("edit an action: check, save and record", edit, "lock one row and update one field", save)


def _exporting(compare: Compare, stage: Stage) -> None:
    columns = ["ref", "title", "state", "rag", "percent", "due", "lead__name", "owner__name"]

    def bare() -> None:
        writer = csv.writer(io.StringIO())
        writer.writerows(Action.objects.filter(plan=stage.plan).values_list(*columns).iterator())

    compare(
        f"CSV export of {MANY:,} actions",
        lambda: stage.get("/actions/export.csv"),
        "csv.writer over eight columns",
        bare,
    )


def _verifying(compare: Compare, stage: Stage) -> None:
    ledger = stage.partnership.ledger

    def verify_all() -> None:
        assert verify(ledger=ledger).ok

    def hash_only() -> None:
        for entry in Entry.objects.filter(ledger=ledger).iterator():
            hashlib.sha256(canonical(entry.content(ledger.name))).hexdigest()

    compare(f"verify a ledger of {MANY:,} entries and its rows", verify_all, "hash every entry", hash_only)


def _building(compare: Compare) -> None:
    """Build a paper of a Silver group from the ledger and check that it adds up; then its page."""
    stage = Stage("Silver", DISTRICTS * EACH, DISTRICTS)
    board = save_reference(
        actor=SYSTEM, row=Board(partnership=stage.partnership, name="Silver", tier="Silver"), at=AT
    )
    template = add_template(actor=stage.manager, board=board, layout="silver", at=AT)
    paper = draft_paper(actor=stage.manager, template=template, plan=stage.plan, as_at=AT.date(), at=AT)

    def build() -> None:
        whole = full(paper.pk)
        differences_of(whole, content_of(whole))

    def export() -> None:
        stage.get(f"/api/v1/actions.csv?plan={stage.plan.pk}")

    actions = f"{DISTRICTS} districts x {EACH} actions"
    baseline = f"the same {DISTRICTS * EACH:,} actions as CSV"
    compare(f"Silver paper, {actions}", build, baseline, export)
    compare(f"its page, {actions}", lambda: stage.get(f"/papers/{paper.pk}/"), baseline, export)
    files = files_of(full(paper.pk))
    compare(f"its {len(files)} files", lambda: [stage.get(address) for _, address in files], baseline, export)

"""The upload page and the preview page, the same for every kind of import."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django_tasks.base import Task

from audit import clock
from importing.engine.forms import ConfirmForm, ImportForm
from importing.engine.services.contents import Preview
from importing.engine.services.flow import Importer, UnmatchedColumnsError, apply_import, preview_import
from importing.engine.services.organisations import add_organisations, likely_kind
from importing.engine.services.reversal import PastImport, Step, past_imports, read_reversal
from importing.engine.services.running import (
    WAIT_SECONDS,
    result_in_words,
    seconds_of,
)
from importing.engine.services.undo import undo_import
from importing.engine.services.uploads import Upload, open_upload, remove_upload, renew_upload, store_upload
from importing.engine.views.preview import preview_context, preview_errors
from importing.engine.views.progress import finished_run, show_run, start_run
from partners.ledger.views import page_of_record
from partners.models import Organisation, Partnership
from partners.policies import why_not_edit_reference
from standards.marking import Marking
from web.callers import actor_of
from web.exports import example_response
from web.refusals import error_lists, is_conflict, refuse
from web.screening import asks
from web.storage import lacks_space
from web.temporary_files import store_files

CONFLICT, INVALID, NO_SPACE = 409, 422, 507
EXAMPLES = ("template.xlsx", "template.csv", "sample.xlsx", "sample.csv")


@dataclass(frozen=True)
class ImportPages:
    """The pages of one import.

    Args:
        importer: compares and writes.
        target: the plan or inspection that the file is imported into; the pages carry its marking.
        noun: what is in the file, in the plural, such as "actions".
        guide: the template that says what the file needs and what an import leaves alone.
        upload_url, confirm_url: where the forms of the two pages are sent.
        target_url, target_noun: the page that the import starts from and leads back to, and what it shows.
        options: a template of choices to make with the confirmation; empty when there are none.
        partnership: where organisations that the file names can be added from the preview; None where they cannot.
        task: imports or undoes what takes long, in a worker; `task_options` is what it needs besides the target.
        page_of: returns the address of a row's page; None for rows that the ledger's pages have an address of.
    """

    request: HttpRequest
    importer: Importer[Any]
    target: Any
    noun: str
    guide: str
    upload_url: str
    confirm_url: str
    target_url: str
    target_noun: str
    task: Task[Any, Any]
    options: str = ""
    partnership: Partnership | None = None
    task_options: Mapping[str, Any] = field(default_factory=dict)
    page_of: Callable[[Any], str] | None = None

    @property
    def limits(self) -> str:
        """The most that a file may have, in words."""
        return gettext("A file may have up to {rows:,} rows and {size}.").format(
            rows=self.importer.specification.max_rows, size=filesizeformat(settings.IMPORT_MAX_BYTES)
        )

    @property
    def address_with_query(self) -> str:
        """The address of the page, ready for a name and value."""
        return f"{self.upload_url}{'&' if '?' in self.upload_url else '?'}"

    def upload(self) -> HttpResponse:
        """Take a file and show what importing it would do; nothing is imported yet."""
        request = self.request
        if request.method != "POST":
            return self._read(request.GET)
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            store_files(request, form)
            return self._upload_page(form, INVALID)
        file, sheet = form.cleaned_data["file"], form.cleaned_data["sheet"]
        data = file.read()
        token = ""
        try:
            preview = preview_import(**self._file(data, file.name, sheet))
            if self._can_go_on(preview):
                token = self._stored(file.name, data, sheet, digest=preview.digest, rows=len(preview.rows))
        except UnmatchedColumnsError as error:
            return self._columns_page(error, token=self._stored(file.name, data, sheet))
        except ValidationError as error:
            refuse(form, error)
            store_files(request, form)
            return self._upload_page(form, NO_SPACE if lacks_space(error) else INVALID)
        status = 200 if preview.can_be_applied else INVALID
        return self._preview_page(preview, token=token, sheet=sheet, status=status)

    def _read(self, query: QueryDict) -> HttpResponse:
        """Show the page or file that a query names: a long import, what undoing one would do, an example."""
        if "run" in query:
            return show_run(self.request, self, self._context())
        if "undo" in query:
            return self._undo_page(self._past_import(str(query["undo"])))
        example = query.get("example", "")
        return self._example(example) if example in EXAMPLES else self._upload_page(ImportForm())

    def confirm(self) -> HttpResponse:
        """Import exactly what was previewed; show a new preview when the record changed meanwhile."""
        request = self.request
        if "undo" in request.POST:
            return self._undo(self._past_import(request.POST["undo"]))
        try:
            upload, data = open_upload(
                actor=actor_of(request), target=self.target, token=request.POST.get("token", "")
            )
        except ValidationError as error:
            return finished_run(request, self) or self._refuse(error)
        file = self._file(data, upload.filename, upload.sheet, upload.chosen_keys)
        if "match_columns" in request.POST:
            return self._match_columns(upload, file)
        if "add_organisations" in request.POST:
            return self._add_organisations(upload, file)
        return self._apply(upload, file)

    def _apply(self, upload: Upload, file: dict[str, Any]) -> HttpResponse:
        """Import a confirmed file, or let a worker do so."""
        request = self.request
        leave_out = "leave_out" in request.POST
        if self._is_long(upload.rows):
            token = request.POST["token"]
            return start_run(request, self, token=token, rows=upload.rows, leave_out=leave_out)
        try:
            preview = apply_import(**file, expected=upload.digest, leave_out_problems=leave_out)
        except ValidationError as error:
            return self._not_imported(error, upload, file)
        remove_upload(actor=actor_of(request), upload=upload)
        result = result_in_words(preview=preview)
        done = gettext("{noun} imported: {result}. You can undo this on the import page")
        messages.success(request, done.format(noun=self.noun.capitalize(), result=result))
        return redirect(self.target_url)

    def _not_imported(self, error: ValidationError, upload: Upload, file: dict[str, Any]) -> HttpResponse:
        """Show why a confirmed import was refused, with the preview as it is now where that helps."""
        if not (asks(error) or is_conflict(error) or _is_rejection(error)):
            return self._refuse(error)
        preview = preview_import(**file)
        if asks(error) and preview.personal:
            return self._ask_for_reason(preview, error, sheet=upload.sheet)
        # A service may refuse for a reason that no cell shows.
        if not is_conflict(error) and (asks(error) or preview.can_be_applied):
            return self._refuse(error)
        token = self._renewed(upload, preview)
        return self._preview_page(preview, token=token, sheet=upload.sheet, status=CONFLICT)

    def _add_organisations(self, upload: Upload, file: dict[str, Any]) -> HttpResponse:
        """Add the organisations that were chosen, and show the preview of the same file again."""
        request = self.request
        preview = preview_import(**file)
        kinds = {
            name: kind
            for number, name in enumerate(preview.unknown_organisations)
            if (kind := request.POST.get(f"kind-{number}", "")) in Organisation.Kind.values
            and request.POST.get(f"name-{number}") == name
        }
        problem, added = "" if kinds else gettext("Choose the kind of each organisation to add"), ""
        if self.partnership is not None and kinds:
            try:
                add_organisations(
                    actor=actor_of(request), partnership=self.partnership, kinds=kinds, at=clock.now()
                )
            except ValidationError as error:
                problem = " ".join(error.messages)
            else:
                preview, added = preview_import(**file), ", ".join(kinds)
        token = self._renewed(upload, preview)
        status = INVALID if problem else 200
        return self._preview_page(
            preview, token=token, sheet=upload.sheet, status=status, problem=problem, added=added
        )

    def _past_import(self, number: str) -> PastImport:
        """Return an import into the target by the number of its entry, or answer 404."""
        past = past_imports(importer=self.importer, target=self.target)
        for each in past:
            if str(each.entry.sequence) == number:
                return each
        raise Http404

    def _is_long(self, rows: int) -> bool:
        return seconds_of(importer=self.importer, rows=rows) >= WAIT_SECONDS

    def _undo(self, past: PastImport) -> HttpResponse:
        """Undo an import, and show which rows remain."""
        if self._is_long(past.rows):
            return start_run(self.request, self, undo=str(past.entry.sequence), rows=past.rows)
        try:
            reversal = undo_import(
                actor=actor_of(self.request),
                importer=self.importer,
                target=self.target,
                entry=past.entry,
                at=clock.now(),
            )
        except ValidationError as error:
            return self._undo_page(past, error)
        messages.success(self.request, gettext("Import undone: {summary}").format(summary=reversal.summary))
        rest = f"{self.address_with_query}undo={past.entry.sequence}" if reversal.remaining else ""
        return redirect(rest or self.upload_url)

    def _undo_page(self, past: PastImport, error: ValidationError | None = None) -> HttpResponse:
        """Show what undoing an import would do, and the rows that would remain."""
        reversal = read_reversal(actor=actor_of(self.request), importer=self.importer, entry=past.entry)
        context = self._context() | {
            "past_import": past,
            "reversal": reversal,
            "remaining": [(step, self._link(step)) for step in reversal.remaining],
            "errors": [{"href": "#remaining", "text": text} for text in error.messages] if error else [],
        }
        return render(self.request, "importing/undo.html", context, status=CONFLICT if error else 200)

    def _link(self, step: Step) -> str:
        """Return the address of a row that remains; empty if it has no page."""
        if step.row is None:
            return ""
        if self.page_of is not None:
            return self.page_of(step.row)
        return page_of_record(step.model._meta.label_lower, step.pk, step.after)

    def _can_go_on(self, preview: Preview[Any, Any]) -> bool:
        """Return whether the page of a preview offers anything to do with its file."""
        if preview.not_imported or (preview.can_be_applied and preview.changes_anything):
            return True
        return preview.can_be_applied_in_part or bool(self._organisations_to_add(preview))

    def _organisations_to_add(self, preview: Preview[Any, Any]) -> list[tuple[str, str]]:
        """Return the names that the user may add as organisations, each with the kind that its words suggest."""
        if self.partnership is None or why_not_edit_reference(
            self.request.user, self.partnership.pk, clock.today()
        ):
            return []
        return [(name, likely_kind(name=name)) for name in preview.unknown_organisations]

    def _renewed(self, upload: Upload, preview: Preview[Any, Any]) -> str:
        if not self._can_go_on(preview):
            return ""
        return renew_upload(
            actor=actor_of(self.request), upload=upload, digest=preview.digest, rows=len(preview.rows)
        )

    def _example(self, example: str) -> HttpResponse:
        """Return a file with the usual headers: empty, or with rows as they may look."""
        kind, _, file_type = example.partition(".")
        importer = self.importer
        columns = importer.specification.columns
        rows = importer.sample if kind == "sample" else ()
        header = [column.headers[0] for column in columns]
        cells = [[row.get(column.key, "") for column in columns] for row in rows]
        return example_response(name=f"{self.noun}-{kind}", file_type=file_type, header=header, rows=cells)

    def _stored(self, filename: str, data: bytes, sheet: str, *, digest: str = "", rows: int = 0) -> str:
        return store_upload(
            actor=actor_of(self.request),
            target=self.target,
            filename=filename,
            digest=digest,
            data=data,
            sheet=sheet,
            rows=rows,
        )

    def _match_columns(self, upload: Upload, file: dict[str, Any]) -> HttpResponse:
        """Show the preview of the same file with its columns read as chosen."""
        known = {column.key for column in self.importer.specification.columns}
        keys = upload.chosen_keys | {
            int(number): key if key in known else ""
            for name, key in self.request.POST.items()
            if (number := name.removeprefix("column-")) != name and number.isascii() and number.isdigit()
        }
        token = renew_upload(actor=actor_of(self.request), upload=upload, digest="", keys=keys)
        try:
            preview = preview_import(**file | {"keys": keys})
        except UnmatchedColumnsError as error:
            return self._columns_page(error, token=token)
        except ValidationError as error:
            return self._refuse(error)
        token = renew_upload(
            actor=actor_of(self.request),
            upload=upload,
            digest=preview.digest,
            keys=keys,
            rows=len(preview.rows),
        )
        return self._preview_page(preview, token=token, sheet=upload.sheet, status=200)

    def _columns_page(self, error: UnmatchedColumnsError, *, token: str) -> HttpResponse:
        context = self._context() | {
            "columns": self.importer.specification.columns,
            "titles": error.columns,
            "token": token,
            "errors": [{"href": "#columns", "text": text} for text in error.messages],
        }
        return render(self.request, "importing/columns.html", context, status=INVALID)

    def _file(
        self, data: bytes, filename: str, sheet: str, keys: Mapping[int, str] | None = None
    ) -> dict[str, Any]:
        return {
            "actor": self.request.user,
            "importer": self.importer,
            "data": data,
            "filename": filename,
            "sheet": sheet,
            "keys": keys,
            "at": clock.now(),
        }

    def _ask_for_reason(
        self, preview: Preview[Any, Any], error: ValidationError, *, sheet: str
    ) -> HttpResponse:
        """Show the same preview again, with what is missing before its personal data is kept."""
        form = ConfirmForm(self.request.POST, personal=preview.personal)
        form.refuse(error)
        token = self.request.POST["token"]
        return self._preview_page(preview, token=token, sheet=sheet, status=INVALID, form=form)

    def _refuse(self, error: ValidationError) -> HttpResponse:
        form = ImportForm({}, {})
        form.errors.clear()
        refuse(form, error)
        return self._upload_page(form, CONFLICT)

    def _upload_page(self, form: ImportForm, status: int = 200) -> HttpResponse:
        context = self._context() | {"form": form, "columns": self.importer.specification.columns}
        context["past_imports"] = past_imports(importer=self.importer, target=self.target)
        return render(self.request, "importing/upload.html", context, status=status)

    def _preview_page(
        self,
        preview: Preview[Any, Any],
        *,
        token: str,
        sheet: str,
        status: int,
        form: ConfirmForm | None = None,
        problem: str = "",
        added: str = "",
    ) -> HttpResponse:
        form = form or ConfirmForm(personal=preview.personal)
        context = self._context() | {
            **preview_context(preview),
            "added": added,
            "token": token,
            "upload_form": ImportForm(initial={"sheet": sheet}),
            "has_changed": status == CONFLICT,
            "form": form,
            "to_add": self._organisations_to_add(preview) if token else [],
            "titles": preview.columns if token else [],
            "columns": self.importer.specification.columns,
            "errors": [
                *([{"href": "#organisations", "text": problem}] if problem else []),
                *preview_errors(preview),
                *form.error_list,
            ],
        }
        return render(self.request, "importing/preview.html", context, status=status)

    def _context(self) -> dict[str, Any]:
        return {
            "pages": self,
            "target": self.target,
            # A partnership itself has no marking: its records have.
            "page_marking": getattr(self.target, "marking", Marking.OFFICIAL),
            "page_handling": getattr(self.target, "handling_instruction", ""),
        }


def _is_rejection(error: ValidationError) -> bool:
    return any(each.code == "rejected" for each in error_lists(error).get("", []))

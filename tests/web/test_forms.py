from datetime import date

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from web.filters import chosen
from web.forms import GovukDateField, GovukForm, LongTextField
from web.models import StoredResponse


class Report(GovukForm):
    title = forms.CharField(max_length=20, help_text="Short, in plain words")
    narrative = LongTextField(max_length=10)
    percent = forms.IntegerField(label="Percent complete", min_value=0, max_value=100, required=False)
    rag = forms.ChoiceField(
        label="Rating", choices=[("red", "Red"), ("green", "Green")], widget=forms.RadioSelect
    )
    lead = forms.ChoiceField(label="Lead organisation", choices=[("leeds", "Leeds")])
    due = GovukDateField(label="Due date")
    checked = forms.BooleanField(label="I have checked this")
    version = forms.IntegerField(widget=forms.HiddenInput)


VALID = {
    "title": "Training",
    "narrative": "Done",
    "rag": "green",
    "lead": "leeds",
    "due_day": "31",
    "due_month": "3",
    "due_year": "2020",
    "checked": "on",
    "version": "4",
}


def report(**changes: str) -> Report:
    return Report(VALID | changes)


def errors_of(form: GovukForm) -> dict[str, str]:
    return {item["href"]: item["text"] for item in form.error_list}


def test_label_hint_error_and_control_are_tied_together_by_ids() -> None:
    html = str(report(title="x" * 21)["title"].as_field_group())
    assert '<label class="govuk-label" for="id_title">' in html
    assert 'id="id_title-hint"' in html
    assert 'id="id_title-error"' in html
    assert 'aria-describedby="id_title-hint id_title-error"' in html
    assert 'class="govuk-input govuk-input--error"' in html
    assert "govuk-form-group--error" in html


def test_a_right_field_shows_no_sign_of_an_error() -> None:
    html = str(report()["title"].as_field_group())
    assert "error" not in html
    assert "aria-invalid" not in html


def test_the_browser_neither_requires_nor_cuts_what_is_typed() -> None:
    html = str(Report())
    assert " required" not in html
    assert "maxlength=" not in html.replace("data-maxlength=", "")


def test_long_text_says_its_limit_without_script() -> None:
    html = str(Report()["narrative"].as_field_group())
    assert 'data-module="govuk-character-count" data-maxlength="10"' in html
    assert "You can enter up to 10 characters" in html
    assert 'aria-describedby="id_narrative-info"' in html


def test_a_line_end_counts_once_as_the_counter_beside_the_box_counts_it() -> None:
    form = report(narrative="12345\r\n789\r")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["narrative"] == "12345\n789"


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    form = Report()
    assert "Percent complete (optional)" in str(form["percent"].as_field_group())
    assert "(optional)" not in str(form["title"].as_field_group())


def test_radios_are_a_group_with_a_legend_and_their_own_labels() -> None:
    html = str(report(rag="blue")["rag"].as_field_group())
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_rag-error">' in html
    assert '<input class="govuk-radios__input" type="radio" id="id_rag_0" name="rag" value="red">' in html
    assert '<label class="govuk-label govuk-radios__label" for="id_rag_1">Green</label>' in html


def test_every_error_leads_to_a_control_that_exists() -> None:
    form = Report({})
    html = str(form)
    hrefs = [item["href"] for item in form.error_list if item["href"]]
    assert hrefs == ["#id_title", "#id_narrative", "#id_rag_0", "#id_lead", "#id_due_0", "#id_checked"]
    for href in hrefs:
        assert f'id="{href[1:]}"' in html


def test_an_error_of_a_hidden_field_has_no_link() -> None:
    assert errors_of(report(version="x"))[""] == "Version: Version must be a whole number, like 40"


@pytest.mark.parametrize(
    ("changes", "href", "text"),
    [
        ({"title": ""}, "#id_title", "Enter the title"),
        ({"title": "x" * 21}, "#id_title", "Title must be 20 characters or fewer"),
        ({"percent": "half"}, "#id_percent", "Percent complete must be a whole number, like 40"),
        ({"percent": "101"}, "#id_percent", "Percent complete must be 100 or less"),
        ({"percent": "-1"}, "#id_percent", "Percent complete must be 0 or more"),
        ({"rag": ""}, "#id_rag_0", "Select rating"),
        ({"lead": "mars"}, "#id_lead", "Choose lead organisation from the list"),
        ({"checked": ""}, "#id_checked", "Confirm: I have checked this"),
    ],
)
def test_errors_say_what_to_do(changes: dict[str, str], href: str, text: str) -> None:
    assert errors_of(report(**changes)) == {href: text}


def test_a_message_of_the_form_itself_is_shown() -> None:
    class Own(GovukForm):
        why = forms.CharField(error_messages={"required": "Say why"})

    assert errors_of(Own({})) == {"#id_why": "Say why"}


def test_the_error_summary_lists_every_error_and_is_absent_without_one() -> None:
    template = engines["django"].from_string(
        '{% include "components/error_summary.html" with form=form only %}'
    )
    assert '<a href="#id_title">Enter the title</a>' in template.render({"form": report(title="")})
    assert template.render({"form": report()}).strip() == ""


def test_typed_markup_comes_back_as_text() -> None:
    html = str(report(title='"><script>alert(1)</script>'))
    assert "<script>" not in html


def test_the_page_title_says_error_first() -> None:
    template = engines["django"].from_string('{% extends "base.html" %}{% block title %}Report{% endblock %}')
    request = RequestFactory().get("/")
    wrong = template.render({"form": report(title="")}, request)
    right = template.render({"form": report()}, request)
    assert "<title>Error: Report \N{EN DASH} Prevent Tracker</title>" in wrong
    assert "<title>Report \N{EN DASH} Prevent Tracker</title>" in right


class Narrow(GovukForm):
    mark_optional = False
    state = forms.ChoiceField(choices=[("", "Any"), ("open", "Still open")], required=False)
    due = GovukDateField(label="Due after", required=False)
    overdue = forms.BooleanField(required=False)
    search = forms.CharField(required=False)


def test_chosen_filters_are_described_and_each_can_be_removed() -> None:
    query = QueryDict("state=open&due_day=1&due_month=2&due_year=2020&sort=ref&page=3")
    form = Narrow(query)
    form.is_valid()
    assert [(item.label, item.text, item.href) for item in chosen(form, query)] == [
        ("State", "Still open", "?due_day=1&due_month=2&due_year=2020&sort=ref"),
        ("Due after", "1 February 2020", "?state=open&sort=ref"),
    ]


def test_a_date_may_come_from_a_link_as_one_iso_value() -> None:
    form = Narrow(MultiValueDict({"due": ["2020-02-01"]}))
    assert form.is_valid()
    assert form.cleaned_data["due"] == date(2020, 2, 1)


class Places(GovukForm):
    partnership = forms.ModelChoiceField(StoredResponse.objects.none())
    organisation = forms.ModelChoiceField(StoredResponse.objects.none())
    mou_area = forms.ModelChoiceField(StoredResponse.objects.none(), label="MOU area", required=False)
    person = forms.ModelChoiceField(StoredResponse.objects.none(), empty_label="Nobody")


def test_a_select_begins_with_words(db: None) -> None:
    form = Places()
    first = {name: next(iter(form.fields[name].choices))[1] for name in form.fields}  # type: ignore[attr-defined]
    assert first == {
        "partnership": "Choose a partnership",
        "organisation": "Choose an organisation",
        "mou_area": "None",
        "person": "Nobody",
    }


def test_a_label_that_asks_is_answered() -> None:
    class Asking(GovukForm):
        text = forms.CharField(label="What was done?", max_length=5)
        choice = forms.ChoiceField(label="Is this published?", choices=[("yes", "Yes")])

    assert Asking({}).errors == {
        "text": ["Answer the question: What was done?"],
        "choice": ["Answer the question: Is this published?"],
    }
    assert Asking({"text": "Everything", "choice": "maybe"}).errors == {
        "text": ["The answer must be 5 characters or fewer"],
        "choice": ["Choose the answer from the list"],
    }


def test_attributes_are_escaped_and_false_ones_left_out() -> None:
    template = engines["django"].from_string("<input{{ values|attributes }}>")
    values = {"id": "a", "title": '"><script>', "required": True, "disabled": False, "rows": 5}
    assert template.render({"values": values}) == (
        '<input id="a" title="&quot;&gt;&lt;script&gt;" required rows="5">'
    )


def test_figures_link_to_their_rows() -> None:
    template = engines["django"].from_string("{% figure_rows rows %}")
    cells = [{"text": "3", "href": "/rows/?a=1&b=2"}, {"text": "<b>", "href": ""}]
    assert template.render({"rows": [{"label": "R&D", "href": "/all/?a=1&b=2", "cells": cells}]}) == (
        '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header govuk-!-font-weight-regular">'
        '<a class="govuk-link" href="/all/?a=1&amp;b=2">R&amp;D</a></th>'
        '<td class="govuk-table__cell"><a class="govuk-link" href="/rows/?a=1&amp;b=2">3'
        '<span class="govuk-visually-hidden"> in R&amp;D</span></a></td>'
        '<td class="govuk-table__cell">&lt;b&gt;</td></tr>'
    )


def test_only_the_last_row_of_figures_is_bold() -> None:
    template = engines["django"].from_string("{% figure_rows rows %}")
    page = template.render(
        {"rows": [{"label": "Leeds", "cells": []}, {"label": "All", "total": True, "cells": []}]}
    )
    assert 'font-weight-regular">Leeds</th>' in page
    assert 'class="govuk-table__header">All</th>' in page

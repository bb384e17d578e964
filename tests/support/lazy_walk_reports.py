"""The part of tests/support/lazy_walk.py that is about papers."""

REPORTS = {
    "tests/reports/papers/test_papers.py::test_issuing_freezes_the_content_with_its_digest_and_the_ledgers_head": """
        reports.papers.services.drafting.draft_paper
        reports.papers.services.issuing.issue_paper
        reports.papers.services.issuing.reconcile_paper
        reports.templates.services.add_template
    """,
    "tests/reports/papers/test_papers.py::test_a_committee_paper_needs_every_implication_and_its_appendix": """
        reports.papers.services.drafting.answer_implication
        reports.papers.services.drafting.explain_appendix
        reports.papers.services.drafting.write_section
    """,
    "tests/reports/papers/test_papers.py::test_a_draft_is_changed_and_abandoned_with_a_reason": """
        reports.papers.services.drafting.abandon_paper
        reports.papers.services.drafting.change_cover
    """,
    "tests/reports/papers/test_papers.py::test_two_voices_need_two_approvals_by_others_than_their_writers": """
        reports.papers.services.issuing.approve_paper
    """,
    "tests/reports/papers/test_papers.py::test_a_correction_is_a_new_version_that_says_what_changed": """
        reports.papers.services.issuing.correct_paper
    """,
    "tests/reports/papers/test_papers.py::test_text_of_returns_flows_up_and_what_is_left_out_is_seen": """
        reports.papers.services.drafting.treat_passage
    """,
    "tests/reports/publications/test_editions.py::test_only_rows_decided_for_publication_leave_in_their_public_wording": """
        reports.publications.services.preparing.draft_edition
        reports.publications.services.preparing.word_row
        reports.publications.services.publishing.approve_edition
        reports.publications.services.publishing.publish_edition
    """,
    "tests/reports/publications/test_editions.py::test_a_correction_says_what_changed_and_replaces_the_edition_when_published": """
        reports.publications.services.preparing.correct_edition
    """,
    "tests/reports/publications/test_editions.py::test_an_edition_is_withdrawn_and_abandoned_with_a_reason": """
        reports.publications.services.preparing.abandon_edition
        reports.publications.services.preparing.treat_section
        reports.publications.services.publishing.withdraw_edition
    """,
    "tests/reports/templates/test_templates.py::test_arranging_makes_a_new_version_and_papers_keep_theirs": """
        reports.templates.services.arrange_template
    """,
}

"""The part of tests/support/lazy_walk.py that is about My work."""

MY_WORK = {
    "tests/desk/my_work/test_arisings.py::test_its_owner_gets_it_and_others_do_not": """
        desk.my_work.services.arisings.tasks
    """,
    "tests/desk/my_work/test_closing.py::test_the_task_leads_to_the_decision": """
        desk.my_work.services.closing.tasks
    """,
    "tests/desk/my_work/test_dates.py::test_each_line_leads_to_a_page_that_answers": """
        desk.my_work.services.dates.tasks
        desk.my_work.services.led.led_actions
        desk.my_work.services.milestones.tasks
        desk.my_work.services.rejections.tasks
    """,
    "tests/desk/my_work/test_dates.py::test_a_rejection_is_shown_to_the_requester_until_they_report_or_ask_again": """
        desk.my_work.services.progress.tasks
    """,
    "tests/desk/my_work/test_handover.py::test_it_is_listed_before_actions_awaiting_allocation": """
        desk.my_work.services.allocation.tasks
        desk.my_work.services.handover.tasks
    """,
    "tests/desk/my_work/test_my_work.py::test_decisions_are_ordered_by_date": """
        desk.my_work.services.assurance.tasks
    """,
    "tests/desk/my_work/test_papers.py::test_many_papers_cost_no_more_queries": """
        desk.my_work.services.editions.tasks
        desk.my_work.services.papers.tasks
    """,
    "tests/desk/my_work/test_recommendations.py::test_each_task_leads_to_a_page_that_does_it": """
        desk.my_work.services.letters.tasks
        desk.my_work.services.recommendations.tasks
    """,
    "tests/desk/my_work/test_returns.py::test_a_question_is_answered_first": """
        desk.my_work.services.returns.tasks
    """,
    "tests/desk/my_work/test_waits.py::test_a_rejection_is_listed_before_a_past_due_date": """
        desk.my_work.services.waits.tasks
    """,
    "tests/desk/my_work/test_groups.py::test_what_is_new_comes_first_once_the_others_were_seen": """
        desk.my_work.services.looks.last_look
        desk.my_work.services.looks.mark_seen
        desk.my_work.services.waiting.waiting_for_others
    """,
    "tests/desk/my_work/test_letters.py::test_comments_are_invited_then_recorded_then_asked_no_more": """
        inspections.responses.services.section55.invite_comments
        inspections.responses.services.section55.record_comments
    """,
    "tests/desk/my_work/test_recommendations.py::test_a_reopened_action_brings_its_finding_back": """
        inspections.findings.services.own_statuses.reopen_recommendation
    """,
}

"""The part of tests/support/lazy_walk.py that is about meetings."""

MEETINGS = {
    "tests/meetings/test_meetings.py::test_a_meeting_is_planned_held_and_minuted_under_one_ledger": """
        meetings.meetings.services.hold_meeting
        meetings.meetings.services.save_item
        meetings.meetings.services.save_meeting
        meetings.minutes.services.write_minute
    """,
    "tests/meetings/test_meetings.py::test_a_planned_meeting_is_cancelled_and_a_draft_is_changed": """
        meetings.meetings.services.cancel_meeting
        meetings.meetings.services.remove_item
        meetings.minutes.services.change_minute
    """,
    "tests/meetings/test_confirming.py::test_the_board_that_took_over_confirms_the_last_minutes": """
        meetings.minutes.services.confirm_minutes
    """,
    "tests/meetings/attendance/test_attendance.py::test_attendance_is_changed_and_removed": """
        meetings.attendance.services.record_attendance
    """,
    "tests/meetings/decisions/test_decisions.py::test_a_minute_that_lists_the_decision_is_cited": """
        meetings.decisions.services.citable_minutes
        meetings.decisions.services.cite_minute
        meetings.decisions.services.record_decision
    """,
    "tests/meetings/arisings/test_arisings.py::test_the_owner_proposes_and_a_meeting_closes_what_is_done": """
        meetings.arisings.services.close_arising
        meetings.arisings.services.closing_meetings
        meetings.arisings.services.record_arising
        meetings.arisings.services.report_arising
    """,
    "tests/meetings/arisings/test_arisings.py::test_one_that_became_an_action_is_no_longer_open": """
        meetings.arisings.services.make_action
    """,
    "tests/meetings/test_mistakes.py::test_a_mistake_in_draft_minutes_is_removed_with_a_reason": """
        meetings.arisings.services.remove_arising
        meetings.decisions.services.remove_decision
    """,
}

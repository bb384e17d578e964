"""Two doors to one record: for each page that a partner's people get, the API's operations that do the same.

A row is the name of a page, and after it the operations that change, or tell, what it does; a table written by hand. What has
none is excused with its reason. A new page adds its line.
"""

# Pages that a SPOC or contact sends something to. What their partnership's people do, their system does.
CHANGES = """
actions:progress-create      create_update
actions:action-submit        submit_action
actions:evidence-add         add_evidence
actions:evidence-replace     add_evidence
actions:action-bulk          ask_for_date
actions:action-date-change   ask_for_date
actions:date-change-withdraw withdraw_date_request
actions:milestone-add        add_milestone
actions:milestone-edit       change_milestone reach_milestone drop_milestone
actions:dependency-add       create_dependency
actions:dependency-answer    answer_dependency
actions:dependency-end       end_dependency
actions:return               fill_in_return
actions:return-submit        submit_return
desk:escalation              acknowledge_escalation
desk:return-escalation       acknowledge_escalation
"""

# Pages that tell a SPOC or contact something of the record.
READS = """
actions:plan-list            list_plans
actions:plan                 get_plan list_pillars list_actions
actions:plan-mismatches      list_actions
actions:plan-slippage        list_date_requests list_milestones list_actions
actions:plan-waiting         list_dependencies
actions:action-list          list_actions
actions:action-export/csv    list_actions
actions:action-export/xlsx   list_actions
actions:action               get_action list_updates list_evidence list_milestones list_date_requests_of_action
actions:action               list_dependencies_of_action list_assurances list_closure_proposals_of_action list_changes
actions:evidence-download    download_evidence
actions:return-list          list_returns
actions:return               get_return
actions:return-read          get_return
desk:my-work                 list_my_work list_decisions
desk:escalation              get_escalation
desk:return-escalation       get_escalation
desk:search                  search
inspections:inspection-list  list_inspections
inspections:inspection       get_inspection list_recommendations list_letters
inspections:recommendation-list list_recommendations
inspections:recommendation   get_recommendation list_linked_actions
inspections:coverage         list_recommendations
inspections:coverage-actions list_recommendations list_linked_actions
inspections:letter           get_letter
inspections:letter-pdf       download_letter_as_pdf
inspections:letter-docx      download_letter_as_docx
"""

SIGN_IN = "a system signs in by its secret at /oauth/token/, and has no password and no session"
OWN_TOKENS = "whoever holds a token must not make more of it: a person does that, signed in"
OWN_VIEW = "a person's own name for a question that the API is asked by its filters"
OWN_MAIL = "how a person is mailed; a system is told by the change feed and webhooks"
OWN_CALENDAR = "an address for a person's calendar program; a system reads My work"
NOT_OF_THE_RECORD = "of the site itself, not of the record"
EXCUSED = {
    **dict.fromkeys(
        (
            *(
                "account_login",
                "account_logout",
                "account_inactive",
                "account_signup",
                "account_reauthenticate",
            ),
            *("account_change_password", "account_reset_password", "account_reset_password_done"),
            *("account_reset_password_from_key", "account_reset_password_from_key_done"),
        ),
        SIGN_IN,
    ),
    **dict.fromkeys(("partners:token-list", "partners:token-revoke"), OWN_TOKENS),
    **dict.fromkeys(
        (
            *("actions:saved-view", "actions:saved-view-create", "actions:saved-view-edit"),
            *("actions:saved-view-delete", "actions:saved-view-watch", "actions:saved-view-seen"),
        ),
        OWN_VIEW,
    ),
    **dict.fromkeys(("desk:notices", "desk:unsubscribe"), OWN_MAIL),
    **dict.fromkeys(("desk:calendar", "desk:calendar-revoke", "desk:calendar-feed"), OWN_CALENDAR),
    **dict.fromkeys(("web:accessibility", "web:healthz"), NOT_OF_THE_RECORD),
}


def read(table: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in table.strip().splitlines():
        page, *operations = line.split()
        found.setdefault(page, set()).update(operations)
    return found

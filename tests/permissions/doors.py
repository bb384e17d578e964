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
actions:action-bulk          request_date
actions:action-date-change   request_date
actions:date-change-withdraw withdraw_date_request
actions:milestone-add        add_milestone
actions:milestone-edit       change_milestone reach_milestone drop_milestone
actions:dependency-add       create_dependency
actions:dependency-answer    answer_dependency
actions:dependency-end       close_dependency
actions:question-add         ask_question
actions:question-answer      answer_question
returns:return               fill_in_return
returns:return-submit        submit_return
meetings:arising-report      report_arising
desk:escalation              acknowledge_escalation
programme:record-create      add_attendance add_completion add_champions_count add_plan_alignment add_panel_month
programme:record-create      add_reading add_training_event
programme:record-edit        correct_attendance correct_completion correct_champions_count correct_plan_alignment
programme:record-edit        correct_reading change_training_event
desk:return-escalation       acknowledge_escalation
"""

# Pages that only programme managers, boards and auditors send something to: what their personal tokens do as well.
OFFICE = """
actions:assurance-give       record_assurance
actions:action-retest        record_assurance
actions:action-reopen        record_assurance
actions:action-withdraw      propose_closure
actions:action-supersede     propose_closure
actions:board-rating-record  rate_by_board
actions:closure-decide       decide_closure_proposal
actions:closure-retract      retract_closure_proposal
actions:date-change-decide   decide_date_request
returns:return-question      question_return
meetings:meeting-create      add_meeting
meetings:meeting-edit        change_meeting
meetings:meeting-hold        hold_meeting
meetings:meeting-cancel      cancel_meeting
meetings:item-add            add_agenda_item
meetings:item-edit           change_agenda_item
meetings:item-remove         remove_agenda_item
meetings:attendance-record   record_attendance
meetings:minute-write        write_minute
meetings:minute-edit         change_minute
meetings:minutes-confirm     confirm_minutes
meetings:decision-record     record_decision
meetings:arising-record      record_arising
meetings:arising-close       close_arising
meetings:arising-action      make_arising_an_action
programme:reading-moderate   moderate_reading
desk:answer-escalation       acknowledge_escalation
desk:panel-escalation        acknowledge_escalation
inspections:link-add         link_action
inspections:link-remove      unlink_action
inspections:recommendation-judge    create_own_status
inspections:recommendation-register create_register_status
inspections:recommendation-state    create_own_status
exchange:delivery-replay     replay_webhook_message
exchange:delivery-skip       skip_webhook_message
exchange:webhook-address     change_webhook_address
exchange:webhook-pause       change_webhook
exchange:webhook-register    create_webhook
exchange:webhook-remove      remove_webhook
exchange:webhook-replay      replay_webhook
exchange:webhook-resume      change_webhook
exchange:webhook-secret      create_webhook_secret
"""

# Pages that tell a SPOC or contact something of the record.
READS = """
actions:plan-list            list_plans
actions:plan                 get_plan list_pillars list_actions
actions:plan-mismatches      list_actions
actions:plan-slippage        list_date_requests list_milestones list_actions
actions:plan-waiting         list_dependencies
actions:plan-evidence        list_evidence
actions:plan-questions       list_questions
desk:plan-escalations        list_escalations
actions:action-list          list_actions
actions:action-export-choose list_actions
actions:action-export/csv    list_actions
actions:action-export/xlsx   list_actions
actions:action               get_action list_updates list_evidence list_milestones list_date_requests_of_action
actions:action               list_dependencies_of_action list_questions list_assurances list_board_ratings list_closure_proposals_of_action list_changes
actions:evidence-download    download_evidence
actions:evidence-preview     get_evidence
returns:return-list          list_returns
returns:plan-returns         list_returns
returns:return               get_return
returns:return-read          get_return
desk:my-work                 list_my_work list_decisions
desk:task-list               list_my_work list_decisions
desk:escalation              get_escalation
desk:return-escalation       get_escalation
desk:search                  search
reports:compare              compare_days
meetings:meeting-list        list_meetings list_boards
reports:paper-list           list_papers
meetings:meeting             get_meeting list_minutes
meetings:agenda              get_meeting
meetings:agenda-file         get_meeting
meetings:minutes             list_minutes
meetings:minutes-file        list_minutes
meetings:minute              get_minute
actions:board-business       list_closure_proposals list_date_requests list_arisings list_meetings
meetings:board               get_board list_meetings
meetings:arising-log         list_arisings
meetings:arising-export      list_arisings
meetings:arising             get_arising
programme:overview           list_training_events list_training_programmes
programme:grants-csv         list_grants
programme:room               list_training_events list_completions list_champions_counts
programme:record-list        list_attendances list_completions list_champions_counts list_training_events
programme:record-export      list_attendances list_completions list_champions_counts list_training_events
programme:record-page        get_attendance get_completion get_champions_count get_training_event get_training_programme
inspections:inspection-list  list_inspections
inspections:inspection       get_inspection list_recommendations list_letters
inspections:recommendation-list list_recommendations
inspections:recommendation-export/csv list_recommendations
inspections:recommendation-export/xlsx list_recommendations
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
            *("mfa_authenticate", "mfa_reauthenticate", "mfa_index", "mfa_activate_totp"),
            *("partners:sessions-end-others", "sign_on_unlink"),
            *("mfa_add_webauthn", "mfa_reauthenticate_webauthn"),
            "mfa_generate_recovery_codes",
        ),
        SIGN_IN,
    ),
    **dict.fromkeys(("partners:token-list", "partners:token-revoke"), OWN_TOKENS),
    "partners:client-secret-claim": "a person of the organisation takes the secret, with which its system signs in",
    **dict.fromkeys(
        (
            *("actions:saved-view", "actions:saved-view-create", "actions:saved-view-edit"),
            *("actions:saved-view-delete", "actions:saved-view-watch", "actions:saved-view-viewed"),
        ),
        OWN_VIEW,
    ),
    **dict.fromkeys(("desk:notices", "desk:unsubscribe"), OWN_MAIL),
    "desk:tasks-seen": "marks what the person's own page lists as new",
    **dict.fromkeys(("desk:calendar", "desk:calendar-revoke", "desk:calendar-feed"), OWN_CALENDAR),
    **dict.fromkeys(
        (
            *("web:about", "web:glossary", "web:privacy", "web:cookies", "partners:contact"),
            *("web:accessibility", "web:livez", "web:readyz", "web:unsaved-discard"),
        ),
        NOT_OF_THE_RECORD,
    ),
}

PLANNING = "the plan is drawn up and allocated on the pages, or imported as a file"
REGISTER = "reports and findings are entered on the pages, or imported as a file"
LETTERS = "the answer to a report is written, approved and published on the pages; the API reads it"
CHASING = "a manager chases people from the pages, where they see who is reminded; the next update or return answers"
PAPERS = "papers are prepared, reconciled, issued and read on the pages"
MISTAKES = "a mistake in minutes in draft is removed on the pages"
SHEETS = "records are imported as a file on the pages; a system adds each by itself"
KEYS = "who may have keys to the API is said by a person, signed in"
PROOF = "the ledger is verified where it is read, which is on the pages"
REVIEWING = "somebody who knows the people confirms each on the page"
OPENING = "a service is set up on its pages, from files"
ONLY_ON_PAGES = {
    **dict.fromkeys(
        (
            *("importing:setup-partnership", "importing:setup-invitations"),
            *("importing:people-import", "importing:people-import-confirm"),
            *(
                "partners:reference-create",
                "partners:reference-edit",
                "partners:person-add",
                "partners:role-end",
            ),
            "partners:approval-withdraw",
        ),
        OPENING,
    ),
    **dict.fromkeys(
        (
            *(
                "actions:plan-create",
                "actions:plan-edit",
                "importing:plan-import",
                "importing:plan-import-confirm",
            ),
            *("actions:pillar-create", "actions:pillar-edit", "actions:action-create", "actions:action-edit"),
            *("actions:action-release", "actions:action-allocate", "actions:action-districts"),
            *("actions:action-cause-of-concern", "actions:action-publication", "actions:hand-over"),
        ),
        PLANNING,
    ),
    **dict.fromkeys(
        (
            *("inspections:inspection-create", "inspections:inspection-edit"),
            *("inspections:recommendation-create", "inspections:recommendation-edit"),
            *("importing:recommendation-import", "importing:recommendation-import-confirm"),
        ),
        REGISTER,
    ),
    **dict.fromkeys(
        (
            *("inspections:section55", "inspections:comments-invite", "inspections:comments-record"),
            *("inspections:response-edit", "inspections:letter-create", "inspections:letter-edit"),
            *("inspections:letter-approve", "inspections:letter-publish", "inspections:letter-despatch"),
            "inspections:letter-correct",
        ),
        LETTERS,
    ),
    **dict.fromkeys(
        (
            *("partners:client-register", "partners:client-scopes", "partners:client-secret"),
            *("partners:client-secret-end", "partners:client-link-withdraw", "partners:client-stop"),
        ),
        KEYS,
    ),
    **dict.fromkeys(("meetings:arising-remove", "meetings:decision-remove"), MISTAKES),
    **dict.fromkeys(
        (
            *("reports:paper-create",),
            *("reports:paper-edit", "reports:section-edit", "reports:passage-edit"),
            *("reports:implication-edit", "reports:appendix-edit", "reports:paper-reconcile"),
            *("reports:paper-approve", "reports:paper-issue", "reports:paper-correct"),
            *("reports:paper-abandon",),
            *("reports:template-create", "reports:template-edit"),
            *("reports:edition-create", "reports:edition-section", "reports:edition-wording"),
            *("reports:edition-approve", "reports:edition-publish", "reports:edition-correct"),
            *("reports:edition-withdraw", "reports:edition-abandon"),
        ),
        PAPERS,
    ),
    **dict.fromkeys(("programme:record-import", "programme:record-import-confirm"), SHEETS),
    **dict.fromkeys(("desk:remind", "desk:remind-owner", "actions:update-request"), CHASING),
    "partners:ledger-verify": PROOF,
    "partners:access-review": REVIEWING,
}


def read(table: str) -> dict[str, set[str]]:
    operations_of: dict[str, set[str]] = {}
    for line in table.strip().splitlines():
        page, *operations = line.split()
        operations_of.setdefault(page, set()).update(operations)
    return operations_of

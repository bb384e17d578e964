"""Which test calls which service with lazy people: see tests/lazy.py, which runs these tests so."""

WALK = {
    "tests/actions/test_action_pages.py::test_a_draft_is_released_by_its_manager": """
        actions.services.actions.release_action
    """,
    "tests/actions/test_action_pages.py::test_the_page_shows_corrections_evidence_and_judgements": """
        actions.services.assurance.return_action
    """,
    "tests/actions/test_assurance_pages.py::test_the_queue_ends_at_the_partnership": """
        actions.services.assurance.awaiting_assurance
        actions.services.assurance.whom_it_waits_for
    """,
    "tests/actions/test_bulk.py::test_an_update_that_was_asked_for_is_answered_by_the_next": """
        actions.services.asking.ask_for_update
        actions.services.bulk.change_many
        actions.services.bulk.moved_since
        actions.services.bulk.rehearse
        actions.services.bulk.seen_by
    """,
    "tests/actions/test_closing.py::test_a_proposal_taken_back_makes_room_for_another": """
        actions.services.closing.retract_closure
    """,
    "tests/actions/test_dependency_pages.py::test_the_timeline_tells_the_wait_from_end_to_end": """
        actions.services.dependencies.answer_dependency
        actions.services.dependencies.end_dependency
        actions.services.dependencies.raise_dependency
    """,
    "tests/actions/test_disclosure.py::test_the_list_finds_each_decision": """
        actions.services.disclosure.decide_publication
    """,
    "tests/actions/test_districts.py::test_what_is_suggested_is_the_police_district_and_its_main_spoc": """
        actions.services.districts.suggested_parts
    """,
    "tests/actions/test_importing_uploads.py::test_a_changed_file_shows_old_and_new": """
        actions.services.importing.applying.apply_import
    """,
    "tests/actions/test_importing_uploads.py::test_what_can_no_longer_be_applied_is_shown_with_its_problems": """
        actions.services.importing.previewing.compare_file
        actions.services.importing.previewing.preview_import
        actions.services.importing.previewing.read_file
        actions.services.plans.create_plan
        actions.services.plans.save_pillar
    """,
    "tests/actions/test_milestones.py::test_a_moved_milestone_keeps_its_original_date_and_says_why": """
        actions.services.milestones.change_milestone
    """,
    "tests/actions/test_milestones.py::test_where_it_stands_is_said_in_words": """
        actions.services.milestones.drop_milestone
    """,
    "tests/actions/test_progress_pages.py::test_evidence_comes_with_the_update": """
        actions.services.evidence.report_progress_with_evidence
    """,
    "tests/actions/test_retests.py::test_what_was_judged_meanwhile_is_a_conflict": """
        actions.services.assurance.retest_action
        actions.services.timeline.changes_since
    """,
    "tests/actions/test_return_evidence.py::test_a_return_given_meanwhile_still_takes_the_file_to_its_action": """
        actions.services.evidence.add_evidence
        actions.services.returns.contents.filling
        actions.services.returns.contents.lines_of
        actions.services.returns.drafting.save_return
        actions.services.returns.evidence.add_return_evidence
        actions.services.returns.evidence.return_evidence
        actions.services.returns.submitting.submit_return
    """,
    "tests/actions/test_returns_questions.py::test_what_was_closed_meanwhile_stays_as_it_was_given": """
        actions.services.plans.change_plan
        actions.services.returns.submitting.question_return
    """,
    "tests/actions/test_saved_views.py::test_its_maker_renames_shares_and_deletes_it": """
        actions.services.saved_views.change_view
        actions.services.saved_views.delete_view
    """,
    "tests/actions/test_saved_views.py::test_the_page_tells_the_news_until_it_is_seen": """
        actions.services.saved_views.create_view
        actions.services.saved_views.mark_seen
        actions.services.saved_views.news
        actions.services.saved_views.stop_watching
        actions.services.saved_views.watch_view
    """,
    "tests/actions/test_schedule_pages.py::test_a_request_is_taken_back_with_a_reason": """
        actions.services.schedule.withdraw_date_change
    """,
    "tests/actions/test_schedule_pages.py::test_only_who_may_finds_the_links": """
        actions.services.milestones.reach_milestone
        actions.services.schedule.decide_date_change
    """,
    "tests/actions/test_succession.py::test_a_request_about_anothers_action_goes_along_and_the_action_stays": """
        actions.services.closing.propose_closure
        actions.services.succession.estate_of
        actions.services.succession.hand_over
        actions.services.succession.require_fit_to_succeed
    """,
    "tests/actions/test_succession.py::test_leavers_are_those_who_answer_for_something": """
        actions.services.succession.leavers
    """,
    "tests/api/test_bulk.py::test_an_action_is_named_once": """
        actions.services.progress.report_on_each
    """,
    "tests/api/test_escalations.py::test_a_late_return_is_told_and_acknowledged": """
        desk.services.escalations.climbing.acknowledge
        desk.services.escalations.climbing.addressed
        desk.services.escalations.climbing.taken_to
    """,
    "tests/api/test_idempotency.py::test_a_key_belongs_to_its_caller": """
        partners.services.clients.create_client
        partners.services.memberships.grant_membership
        partners.services.secrets.add_secret
        partners.services.secrets.use_secret
        web.services.keep_answer
        web.services.take_key
    """,
    "tests/api/test_my_work.py::test_what_waits_for_a_decision_names_the_request": """
        desk.services.deciding.my_decisions
    """,
    "tests/api/test_personal_tokens.py::test_a_refused_token_notes_no_use": """
        partners.services.tokens.revoke_token
    """,
    "tests/api/test_personal_tokens.py::test_it_dies_with_the_account_and_sees_nothing_without_a_membership": """
        partners.services.memberships.end_membership
        partners.services.tokens.create_token
        partners.services.tokens.note_use
        partners.services.users.change_user
    """,
    "tests/desk/test_calendar.py::test_a_form_sent_twice_makes_one_link": """
        desk.services.calendar.links.revoke_link
    """,
    "tests/desk/test_calendar.py::test_of_what_is_sensitive_only_the_reference_is_told": """
        actions.services.actions.allocate_action
        actions.services.actions.create_action
        actions.services.actions.edit_action
        actions.services.actions.write_new
        actions.services.change.changing
        actions.services.change.changing_many
        actions.services.consequences.derive_parents
        actions.services.milestones.add_milestone
        actions.services.progress.report_on_many
        actions.services.progress.report_progress
        actions.services.schedule.decider_of
        actions.services.schedule.request_date_change
        audit.services.entries.append
        audit.services.entries.append_many
        desk.services.allocation.tasks
        desk.services.assurance.tasks
        desk.services.calendar.days.days_of
        desk.services.calendar.days.revised_at
        desk.services.calendar.links.create_link
        desk.services.closing.tasks
        desk.services.dependencies.tasks
        desk.services.escalations.climbing.open_to
        desk.services.escalations.climbing.tasks
        desk.services.evidence.tasks
        desk.services.letters.tasks
        desk.services.my_actions
        desk.services.my_work
        desk.services.progress.tasks
        desk.services.recommendations.tasks
        desk.services.returns.tasks
        desk.services.schedule.tasks
        desk.services.succession.tasks
        desk.services.webhooks.tasks
    """,
    "tests/desk/test_letters.py::test_comments_are_invited_then_recorded_then_asked_no_more": """
        inspections.services.section55.invite_comments
        inspections.services.section55.record_comments
    """,
    "tests/desk/test_notices.py::test_my_notices_keeps_what_is_set": """
        desk.services.notices.sending.digests_sent_to
    """,
    "tests/desk/test_notices.py::test_the_link_of_a_mail_stops_the_mails_without_signing_in": """
        desk.services.notices.lines.contents_for
        desk.services.notices.preferences.preference_of
        desk.services.notices.preferences.save_preference
        desk.services.notices.preferences.stop_digests
    """,
    "tests/desk/test_recommendations.py::test_a_reopened_action_brings_its_finding_back": """
        inspections.services.states.reopen_recommendation
    """,
    "tests/desk/test_search.py::test_hostile_words_find_nothing_and_break_nothing": """
        desk.services.search.finding.search
    """,
    "tests/exchange/test_changes.py::test_the_cursor_comes_back_with_an_empty_page_and_the_work_is_bounded": """
        exchange.services.changes.following.present
    """,
    "tests/exchange/test_webhook_pages.py::test_a_pause_is_told_and_the_manager_resumes_it": """
        exchange.services.webhooks.keeping.resume_webhook
    """,
    "tests/exchange/test_webhook_pages.py::test_the_manager_changes_sends_again_and_removes": """
        exchange.services.changes.following.follow
        exchange.services.webhooks.keeping.change_address
        exchange.services.webhooks.keeping.pause_webhook
        exchange.services.webhooks.keeping.remove_webhook
        exchange.services.webhooks.keeping.rotate_secret
        exchange.services.webhooks.replaying.replay_delivery
        exchange.services.webhooks.replaying.replay_from
    """,
    "tests/exchange/test_webhooks_set_aside.py::test_the_manager_sends_now_and_skips_on_the_page": """
        exchange.services.webhooks.replaying.skip_delivery
    """,
    "tests/exchange/test_webhook_pages.py::test_the_manager_registers_an_address_and_sees_the_secret_once": """
        exchange.services.webhooks.keeping.register_webhook
    """,
    "tests/inspections/test_coverage.py::test_a_withdrawn_action_answers_nothing_and_lacks_nothing": """
        actions.services.closing.decide_closure
    """,
    "tests/inspections/test_coverage.py::test_the_gaps_hold_what_does_not_fit": """
        actions.services.assurance.assure_action
        actions.services.assurance.reopen_action
        actions.services.assurance.submit_action
        actions.services.consequences.derive_parent
        actions.services.consequences.lapse_requests
        actions.services.districts.deliver_by_districts
        actions.services.schedule.set_cause_of_concern
        inspections.services.change.adding
        inspections.services.change.changing
        inspections.services.coverage.covered
        inspections.services.coverage.gaps
        inspections.services.coverage.with_findings
        inspections.services.coverage.with_gap
        inspections.services.inspections.save_inspection
        inspections.services.links.link_action
        inspections.services.links.put_under_concern
        inspections.services.recommendations.save_recommendation
        inspections.services.states.answer_recommendation
        inspections.services.states.judge_recommendation
        inspections.services.states.propose_recommendation
        inspections.services.states.start_recommendation
    """,
    "tests/inspections/test_forms.py::test_a_form_of_yesterday_is_shown_what_changed_and_applies_when_sent_again": """
        inspections.services.timeline.changes_since
    """,
    "tests/inspections/test_importing.py::test_what_is_confirmed_is_what_was_previewed": """
        actions.services.importing.uploads.forget_upload
        actions.services.importing.uploads.keep_upload
        actions.services.importing.uploads.kept_upload
        actions.services.importing.uploads.renew_upload
        inspections.services.importing.applying.apply_import
        inspections.services.importing.previewing.compare_file
        inspections.services.importing.previewing.preview_import
        inspections.services.importing.previewing.read_file
    """,
    "tests/inspections/test_importing.py::test_what_was_edited_here_stays": """
        inspections.services.links.unlink_action
    """,
    "tests/inspections/test_keeping.py::test_the_registers_history_is_its_own_and_by_its_own_dates": """
        inspections.services.register.record_register_status
    """,
    "tests/inspections/test_letters.py::test_a_correction_is_a_new_version_and_the_old_one_stays": """
        inspections.services.letters.approve_letter
        inspections.services.letters.correct_letter
        inspections.services.letters.draft_letter
        inspections.services.letters.publish_letter
        inspections.services.letters.record_despatch
        inspections.services.responses.write_response
    """,
    "tests/inspections/test_letters.py::test_control_characters_never_reach_the_letter": """
        inspections.services.letters.edit_letter
    """,
    "tests/inspections/test_responses.py::test_without_actions_there_is_no_draft": """
        inspections.services.responses.draft_text
    """,
    "tests/inspections/test_section55.py::test_one_decision_takes_the_place_of_the_other": """
        inspections.services.section55.answer_through
        inspections.services.section55.mark_not_subject
    """,
    "tests/inspections/test_section55.py::test_the_forces_own_report_answers_the_national_one": """
        inspections.services.section55.owe_response
    """,
    "tests/partners/test_client_pages.py::test_one_of_two_is_ended_on_the_page": """
        partners.services.secrets.drop_tokens
        partners.services.secrets.end_secret
        partners.services.secrets.replace_secret
    """,
    "tests/partners/test_client_pages.py::test_scopes_are_changed_and_a_client_stopped": """
        partners.services.clients.change_scopes
        partners.services.clients.deactivate_client
    """,
    "tests/partners/test_partnerships.py::test_a_partnership_has_a_ledger_of_its_own_that_begins_with_it": """
        partners.services.partnerships.create_partnership
    """,
    "tests/partners/test_passwords.py::test_a_mail_says_that_the_password_was_changed": """
        partners.services.account_mail.send
        partners.services.users.record_password_change
    """,
    "tests/partners/test_reference.py::test_a_row_that_nothing_refers_to_is_removed_and_its_end_recorded": """
        partners.services.reference.remove_reference
        partners.services.reference.save_reference
    """,
    "tests/partners/test_users.py::test_no_password_is_in_the_ledger": """
        partners.services.users.create_user
    """,
}

# Commands and workers call these, and nobody else: no request's user reaches them.
SYSTEM_ONLY = {
    "actions.services.returns.opening.close_returns",
    "actions.services.returns.opening.keep_returns",
    "actions.services.returns.opening.open_returns",
    "actions.services.saved_views.mark_told",
    "audit.services.checkpoints.checkpoint",
    "desk.services.escalations.climbing.escalate",
    "desk.services.jobs.begin_job",
    "desk.services.jobs.enqueue_due",
    "desk.services.jobs.finish_job",
    "desk.services.notices.sending.prune_lines",
    "desk.services.notices.sending.send_digests",
    "desk.services.search.words.learn_words",
    "exchange.services.webhooks.delivering.deliver_next",
    "exchange.services.webhooks.delivering.prune_deliveries",
    "exchange.services.webhooks.delivering.release",
    "exchange.services.webhooks.delivering.take_due",
    "web.services.forget_answers",
}

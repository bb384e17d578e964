"""Which test calls which service with lazy people: see tests/support/lazy_people.py, which runs these tests so."""

from tests.support.lazy_walk_access import ACCESS
from tests.support.lazy_walk_meetings import MEETINGS
from tests.support.lazy_walk_my_work import MY_WORK
from tests.support.lazy_walk_partners import PARTNERS
from tests.support.lazy_walk_reports import REPORTS

WALK = {
    **REPORTS,
    **MEETINGS,
    **MY_WORK,
    **ACCESS,
    **PARTNERS,
    "tests/actions/lists/test_lists_of_plan.py::test_an_escalation_offers_its_acknowledgement_and_then_shows_it": """
        desk.escalations.services.escalations_of_plan
    """,
    "tests/actions/questions/test_questions.py::test_it_is_asked_and_answered_on_pages_and_found_on_them": """
        desk.my_work.services.questions.tasks
    """,
    "tests/exchange/webhooks/test_webhooks_stopped.py::test_a_stopped_webhook_is_a_task_of_its_managers": """
        desk.my_work.services.webhooks.tasks
    """,
    "tests/desk/escalations/test_escalations.py::test_each_step_is_for_its_own_people": """
        desk.escalations.services.open_escalations
        desk.escalations.services.tasks
    """,
    "tests/actions/evidence/test_evidence_versions.py::test_an_action_is_listed_once_with_its_first_expiry_and_no_extra_query": """
        desk.my_work.services.evidence.tasks
    """,
    "tests/actions/page/test_action_pages.py::test_a_draft_is_released_by_its_manager": """
        actions.actions.services.release_action
    """,
    "tests/actions/page/test_action_pages.py::test_the_page_shows_corrections_evidence_and_judgements": """
        actions.assurance.services.return_action
    """,
    "tests/actions/assurance/test_assurance_pages.py::test_the_queue_ends_at_the_partnership": """
        actions.assurance.services.awaiting_assurance
        actions.assurance.services.with_auditors
    """,
    "tests/actions/bulk/test_bulk.py::test_an_update_request_is_answered_by_the_next_update": """
        actions.update_requests.services.request_update
        actions.bulk.services.change_many
        actions.bulk.services.changed_ids
        actions.bulk.services.preview_change
        actions.bulk.services.visible_actions
    """,
    "tests/desk/reminders/test_reminders.py::test_a_reminder_of_an_action_is_a_task_until_the_next_update": """
        desk.reminders.services.remind
    """,
    "tests/actions/board_ratings/test_board_ratings.py::test_the_rating_of_a_later_meeting_replaces_it": """
        actions.board_ratings.services.rate_by_board
    """,
    "tests/actions/business/test_business.py::test_the_form_offers_what_waits_and_the_decision_names_it": """
        actions.business.services.record_board_decision
    """,
    "tests/actions/business/test_business.py::test_a_person_records_the_action_that_it_became": """
        actions.business.services.record_as_action
    """,
    "tests/actions/closing/test_closing.py::test_a_withdrawn_proposal_allows_another": """
        actions.closing.services.retract_closure
    """,
    "tests/actions/waits/test_waits_pages.py::test_the_timeline_tells_the_wait_from_end_to_end": """
        actions.waits.services.answer_dependency
        actions.waits.services.close_dependency
        actions.waits.services.request_dependency
    """,
    "tests/actions/questions/test_questions.py::test_who_asked_waits_for_it_and_may_close_it": """
        actions.questions.services.answer_question
        actions.questions.services.ask_question
    """,
    "tests/actions/disclosure/test_disclosure.py::test_the_list_finds_each_decision": """
        actions.disclosure.services.decide_publication
    """,
    "tests/actions/districts/test_districts.py::test_the_police_district_and_its_main_spoc_are_suggested": """
        actions.districts.services.suggested_parts
    """,
    "tests/importing/setup/test_setup.py::test_people_without_a_password_are_invited_once_and_again_on_request": """
        importing.setup.services.invite_people
        importing.setup.services.needs_setup
        importing.setup.services.progress_of
        partners.accounts.services.invitations.invite
    """,
    "tests/importing/plans/test_importing_in_part.py::test_the_preview_offers_to_add_organisations_and_is_shown_again": """
        importing.engine.services.organisations.add_organisations
    """,
    "tests/importing/plans/test_long_imports.py::test_a_worker_undoes_an_import": """
        importing.engine.services.running.find_run
        importing.engine.services.running.run_import
    """,
    "tests/importing/plans/test_undo_import.py::test_rows_that_changed_since_and_what_they_use_remain": """
        importing.engine.services.reversal.read_reversal
        importing.engine.services.undo.undo_import
    """,
    "tests/web/test_drafts.py::test_a_draft_is_back_until_the_form_is_saved": """
        web.services.save_draft
        web.services.delete_drafts
    """,
    "tests/partners/organisations/test_reference_pages.py::test_an_administrator_opens_an_account_with_its_role": """
        partners.people.services.add_person
    """,
    "tests/web/test_temporary_files.py::test_a_file_stays_with_its_form_until_the_form_is_saved": """
        web.services.store_temporary_file
        web.services.delete_temporary_file
    """,
    "tests/importing/setup/test_setup.py::test_an_administrator_adds_another_partnership": """
        importing.setup.services.open_partnership
    """,
    "tests/importing/plans/test_importing_uploads.py::test_a_changed_file_shows_old_and_new": """
        importing.engine.services.flow.apply_import
    """,
    "tests/importing/plans/test_importing_uploads.py::test_a_preview_that_no_longer_applies_shows_its_problems": """
        importing.engine.services.flow.preview_import
        actions.plans.services.create_plan
        actions.plans.services.save_pillar
    """,
    "tests/actions/milestones/test_milestones.py::test_a_moved_milestone_keeps_its_original_date_and_says_why": """
        actions.milestones.services.change_milestone
    """,
    "tests/actions/milestones/test_milestones.py::test_the_status_of_a_milestone_is_shown_in_words": """
        actions.milestones.services.drop_milestone
    """,
    "tests/actions/progress/test_progress_pages.py::test_evidence_comes_with_the_update": """
        actions.progress.services.report_progress
    """,
    "tests/actions/assurance/test_retests.py::test_a_retest_recorded_meanwhile_is_a_conflict": """
        actions.assurance.services.retest_action
        actions.history.services.changes_since
    """,
    "tests/returns/test_return_evidence.py::test_a_file_is_added_even_if_the_return_was_submitted_meanwhile": """
        actions.evidence.services.add_evidence
        returns.services.contents.change_return
        returns.services.contents.visible_lines
        returns.services.drafting.save_return
        returns.services.evidence.add_return_evidence
        returns.services.evidence.return_evidence
        returns.services.submitting.submit_return
    """,
    "tests/returns/test_returns_questions.py::test_a_row_of_a_closed_action_does_not_change": """
        actions.plans.services.change_plan
        returns.services.submitting.question_return
    """,
    "tests/actions/saved_views/test_saved_views.py::test_its_maker_renames_shares_and_deletes_it": """
        actions.saved_views.services.change_view
        actions.saved_views.services.delete_view
    """,
    "tests/actions/saved_views/test_saved_views.py::test_the_page_tells_the_news_until_it_is_seen": """
        actions.saved_views.services.create_view
        actions.saved_views.services.mark_viewed
        actions.saved_views.services.news
        actions.saved_views.services.stop_watching
        actions.saved_views.services.watch_view
    """,
    "tests/actions/dates/test_dates_pages.py::test_a_request_is_withdrawn_with_a_reason": """
        actions.dates.services.withdraw_date_change
    """,
    "tests/actions/dates/test_dates_pages.py::test_only_who_may_finds_the_links": """
        actions.milestones.services.reach_milestone
        actions.dates.services.decide_date_change
    """,
    "tests/actions/handover/test_handover.py::test_a_request_about_another_owners_action_is_handed_over_without_it": """
        actions.closing.services.propose_closure
        actions.handover.services.workload_of
        actions.handover.services.hand_over
        actions.handover.services.require_can_take_over
    """,
    "tests/actions/handover/test_handover.py::test_outgoing_owners_are_those_who_answer_for_something": """
        actions.handover.services.outgoing_owners
    """,
    "tests/api/test_bulk.py::test_an_action_is_named_once": """
        actions.progress.services.report_on_each
    """,
    "tests/api/test_escalations.py::test_a_late_return_is_listed_and_acknowledged": """
        desk.escalations.services.acknowledge
        desk.escalations.services.why_not_acknowledge
        desk.escalations.services.escalations_to
    """,
    "tests/api/test_idempotency.py::test_a_key_belongs_to_its_caller": """
        partners.clients.services.clients.create_client
        partners.memberships.services.grant_membership
        partners.clients.services.secrets.add_secret
        partners.clients.services.secrets.use_secret
        web.services.store_response
        web.services.claim_key
        web.services.has_too_many_keys
    """,
    "tests/api/test_my_work.py::test_a_decision_names_its_request": """
        desk.my_work.services.lists.my_decisions
    """,
    "tests/api/test_personal_tokens.py::test_a_refused_token_notes_no_use": """
        partners.tokens.services.revoke_token
    """,
    "tests/api/test_personal_tokens.py::test_it_dies_with_the_account_and_sees_nothing_without_a_membership": """
        partners.memberships.services.end_membership
        partners.tokens.services.create_token
        partners.tokens.services.record_use
        partners.accounts.services.users.change_user
    """,
    "tests/desk/calendar/test_calendar.py::test_a_form_sent_twice_makes_one_link": """
        desk.calendar.services.links.revoke_link
    """,
    "tests/desk/calendar/test_calendar.py::test_only_the_reference_of_a_sensitive_action_is_shown": """
        actions.actions.services.allocate_action
        actions.actions.services.create_action
        actions.actions.services.edit_action
        actions.actions.services.write_new
        actions.core.services.change.changing
        actions.core.services.change.changing_many
        actions.core.services.consequences.derive_parents
        actions.milestones.services.add_milestone
        actions.progress.services.report_on_many
        actions.dates.services.decider_of
        actions.dates.services.request_date_change
        audit.services.entries.append
        audit.services.entries.append_many
        desk.calendar.services.days.days_of
        desk.calendar.services.days.revised_at
        desk.calendar.services.links.create_link
        desk.my_work.services.lists.my_actions
        desk.my_work.services.lists.my_tasks
    """,
    "tests/desk/notices/test_notices.py::test_my_notices_keeps_what_is_set": """
        desk.notices.services.sending.digests_sent_to
    """,
    "tests/desk/notices/test_notices.py::test_the_link_of_a_mail_stops_the_mails_without_signing_in": """
        desk.notices.services.lines.contents_for
        desk.notices.services.preferences.preference_of
        desk.notices.services.preferences.save_preference
        desk.notices.services.preferences.stop_digests
    """,
    "tests/desk/search/test_search.py::test_hostile_words_find_nothing_and_break_nothing": """
        desk.search.services.finding.search
    """,
    "tests/exchange/changes/test_changes.py::test_the_cursor_comes_back_with_an_empty_page_and_the_work_is_bounded": """
        exchange.changes.services.following.present
    """,
    "tests/exchange/webhooks/test_webhook_pages.py::test_a_pause_is_shown_and_the_manager_resumes_it": """
        exchange.webhooks.services.registering.resume_webhook
    """,
    "tests/exchange/webhooks/test_webhook_pages.py::test_the_manager_changes_sends_again_and_removes": """
        exchange.changes.services.following.follow
        exchange.webhooks.services.registering.change_address
        exchange.webhooks.services.registering.pause_webhook
        exchange.webhooks.services.registering.remove_webhook
        exchange.webhooks.services.registering.rotate_secret
        exchange.webhooks.services.replaying.replay_delivery
        exchange.webhooks.services.replaying.replay_from
    """,
    "tests/exchange/webhooks/test_webhooks_set_aside.py::test_the_manager_sends_now_and_skips_on_the_page": """
        exchange.webhooks.services.replaying.skip_delivery
    """,
    "tests/exchange/webhooks/test_webhook_pages.py::test_the_manager_registers_an_address_and_sees_the_secret_once": """
        exchange.webhooks.services.registering.register_webhook
    """,
    "tests/inspections/coverage/test_coverage.py::test_a_withdrawn_action_answers_nothing_and_lacks_nothing": """
        actions.closing.services.decide_closure
    """,
    "tests/inspections/coverage/test_coverage.py::test_the_gaps_hold_what_does_not_fit": """
        actions.assurance.services.assure_action
        actions.assurance.services.reopen_action
        actions.assurance.services.submit_action
        actions.core.services.consequences.derive_parent
        actions.core.services.consequences.lapse_requests
        actions.districts.services.split_by_district
        actions.dates.services.set_cause_of_concern
        partners.changing.services.adding
        partners.changing.services.changing
        inspections.findings.services.inspections.save_inspection
        inspections.findings.services.links.link_action
        inspections.findings.services.links.put_under_concern
        inspections.findings.services.recommendations.save_recommendation
        inspections.findings.services.own_statuses.answer_recommendation
        inspections.findings.services.own_statuses.judge_recommendation
        inspections.findings.services.own_statuses.propose_recommendation
        inspections.findings.services.own_statuses.start_recommendation
    """,
    "tests/inspections/findings/test_forms.py::test_a_form_of_yesterday_is_shown_what_changed_and_applies_when_sent_again": """
        inspections.history.services.changes_since
    """,
    "tests/importing/findings/test_importing.py::test_the_preview_is_what_is_applied": """
        importing.engine.services.uploads.open_upload
        importing.engine.services.uploads.remove_upload
        importing.engine.services.uploads.renew_upload
        importing.engine.services.uploads.store_upload
        importing.findings.services.writing.write_findings
    """,
    "tests/importing/findings/test_importing.py::test_edits_in_the_app_are_not_overwritten": """
        inspections.findings.services.links.unlink_action
    """,
    "tests/inspections/findings/test_keeping.py::test_the_registers_history_is_its_own_and_by_its_own_dates": """
        inspections.findings.services.register.record_register_status
    """,
    "tests/inspections/letters/test_corrections.py::test_a_correction_is_a_new_version_and_the_old_one_stays": """
        inspections.letters.services.approve_letter
        inspections.letters.services.correct_letter
        inspections.letters.services.draft_letter
        inspections.letters.services.publish_letter
        inspections.letters.services.record_despatch
        inspections.responses.services.responses.write_response
    """,
    "tests/inspections/letters/test_letters.py::test_control_characters_never_reach_the_letter": """
        inspections.letters.services.edit_letter
    """,
    "tests/inspections/responses/test_responses.py::test_without_actions_there_is_no_draft": """
        inspections.responses.services.responses.draft_text
    """,
    "tests/inspections/responses/test_section55.py::test_one_decision_takes_the_place_of_the_other": """
        inspections.responses.services.section55.answer_through
        inspections.responses.services.section55.mark_not_subject
    """,
    "tests/inspections/responses/test_section55.py::test_the_forces_own_report_answers_the_national_one": """
        inspections.responses.services.section55.owe_response
    """,
    "tests/web/test_confirmation.py::test_a_confirmation_gives_the_session_a_new_key": """
        partners.accounts.services.access.move_session
    """,
    "tests/returns/test_return_figures.py::test_figures_become_records_when_the_return_is_submitted": """
        returns.services.figures.carry_figures
        returns.services.figures.figure_lines
    """,
    "tests/programme/frameworks/test_moderation.py::test_an_auditor_moderates_a_reading_once": """
        programme.frameworks.services.moderate_reading
    """,
    "tests/programme/training/test_training.py::test_a_correction_is_a_new_record_and_the_old_one_stays": """
        programme.records.services.records.save_record
    """,
    "tests/web/test_reading.py::test_every_page_that_shows_it_is_recorded": """
        audit.services.reads.record_reads
    """,
}

# Commands and workers call these, and nobody else: no request's user reaches them.
SYSTEM_ONLY = {
    "returns.services.opening.close_returns",
    "returns.services.opening.open_and_close_returns",
    "returns.services.opening.open_returns",
    "actions.saved_views.services.mark_notified",
    "audit.services.checkpoints.checkpoint",
    "desk.escalations.services.escalate",
    "actions.evidence.services.remove_orphans",
    "exchange.webhooks.services.secrets.reencrypt_secrets",
    "actions.evidence.services.scan_stored_files",
    "desk.jobs.services.beat",
    "desk.jobs.services.begin_job",
    "desk.jobs.services.claim_job",
    "desk.jobs.services.close_all_tasks",
    "desk.jobs.services.close_lost_tasks",
    "desk.jobs.services.skip_job",
    "exchange.webhooks.services.restoring.pause_running_webhooks",
    "desk.jobs.services.finish_job",
    "desk.notices.services.sending.prune_lines",
    "desk.notices.services.sending.send_digests",
    "desk.search.services.words.learn_words",
    "exchange.webhooks.services.delivering.deliver_next",
    "exchange.webhooks.services.delivering.prune_deliveries",
    "importing.engine.services.uploads.remove_old_uploads",
    "exchange.webhooks.services.delivering.release",
    "exchange.webhooks.services.delivering.claim_webhook",
    "web.services.delete_old_drafts",
    "web.services.delete_old_responses",
    "web.services.delete_old_temporary_files",
    "web.services.record_secret_key",
    "audit.services.reads.delete_old_reads",
    "partners.accounts.services.unused.suspend_unused",
    "partners.access_reviews.services.schedule.open_review",
    "partners.access_reviews.services.schedule.review_access",
}

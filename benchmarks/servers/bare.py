"""The simplest server: a WSGI application that checks the token and returns the same rows as JSON.

It uses PostgreSQL, the token's table and one statement, and checks nothing else.
"""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row

CALLER = """
SELECT client.user_id FROM oauth2_provider_accesstoken token JOIN partners_apiclient client ON client.id = token.application_id
WHERE token.token_checksum = %s AND token.expires > now() AND client.is_active AND position('actions:read' in token.scope) > 0
"""
ROWS = """
SELECT action.id, action.ref, action.title, action.description, action.success_measure, action.source,
    json_build_object('id', plan.id, 'title', plan.title) AS plan,
    json_build_object('id', pillar.id, 'name', pillar.name) AS pillar,
    CASE WHEN area.id IS NULL THEN NULL ELSE json_build_object('id', area.id, 'name', area.name) END AS area,
    action.by_districts,
    CASE WHEN parent.id IS NULL THEN NULL ELSE json_build_object('id', parent.id, 'ref', parent.ref) END AS parent,
    json_build_object('id', lead.id, 'name', lead.name) AS lead,
    (SELECT coalesce(json_agg(json_build_object('id', other.id, 'name', other.name)), '[]')
        FROM actions_action_supporting supports JOIN partners_organisation other ON other.id = supports.organisation_id
        WHERE supports.action_id = action.id) AS supporting,
    json_build_object('id', owner.id, 'name', owner.name) AS owner,
    CASE WHEN alternate.id IS NULL THEN NULL ELSE json_build_object('id', alternate.id, 'name', alternate.name) END AS alternate,
    CASE WHEN mou.id IS NULL THEN NULL ELSE json_build_object('id', mou.id, 'name', mou.name) END AS mou_area,
    action.tier, action.priority, action.state, action.rag,
    action.board_rag, action.board_rag_reference, action.due < %(on)s AS overdue, action.percent, action.starts_on,
    action.allocated_on, action.original_due, action.due, action.moves, action.due - action.original_due AS days_slipped,
    action.waiting_since, action.closed_on, action.last_reported_on, action.marking, action.handling_instruction,
    action.publication, action.exemption, action.retest_on, action.board_reference, action.version
FROM actions_action action
    JOIN actions_plan plan ON plan.id = action.plan_id
    JOIN actions_pillar pillar ON pillar.id = action.pillar_id
    LEFT JOIN partners_area area ON area.id = action.area_id
    LEFT JOIN actions_action parent ON parent.id = action.parent_id
    LEFT JOIN partners_organisation lead ON lead.id = action.lead_id
    LEFT JOIN partners_user owner ON owner.id = action.owner_id
    LEFT JOIN partners_user alternate ON alternate.id = action.alternate_id
    LEFT JOIN partners_mouarea mou ON mou.id = action.mou_area_id
WHERE action.state = 'in_progress' AND action.lead_id IN (
    SELECT organisation_id FROM partners_membership
    WHERE user_id = %(user)s AND starts_on <= %(on)s AND (ends_on IS NULL OR ends_on >= %(on)s))
ORDER BY action.ref LIMIT 100
"""
LONDON = ZoneInfo("Europe/London")
local = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    connection = getattr(local, "connection", None)
    if connection is None:
        local.connection = connection = psycopg.connect(
            os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row
        )
    token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    caller = connection.execute(CALLER, [hashlib.sha256(token.encode()).hexdigest()]).fetchone()
    if caller is None:
        start_response("401 Unauthorized", [])
        return [b""]
    on = {"on": datetime.now(tz=LONDON).date(), "user": caller["user_id"]}
    body = json.dumps({"results": connection.execute(ROWS, on).fetchall()}, default=str).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]

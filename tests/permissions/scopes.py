"""What a token must be good for, at every address of the API and for every method: a table written by hand.

A row is an address by its name, a method and the one scope that opens it; `open` needs no token at all. A new address
adds its line. What ends in `.csv` asks for the scope of the list it is another form of.
"""

TABLE = """
api:index                GET    open
api:schema               GET    open
api:docs                 GET    open
api:as-csv               GET    open
api:plan-list            GET    actions:read
api:plan                 GET    actions:read
api:pillar-list          GET    actions:read
api:pillar               GET    actions:read
api:organisation-list    GET    actions:read
api:organisation         GET    actions:read
api:action-list          GET    actions:read
api:action               GET    actions:read
api:update-list          GET    actions:read
api:update-list          POST   updates:write
api:update               GET    actions:read
api:action-submission    POST   assurance:write
api:assurance-list       GET    actions:read
api:assurance-list       POST   decisions:write
api:assurance            GET    actions:read
api:closure-proposal-list GET   actions:read
api:closure-proposal     GET    actions:read
api:closure-proposal-decide POST decisions:write
api:closure-proposal-withdraw POST decisions:write
api:action-closure-proposal-list GET actions:read
api:action-closure-proposal-list POST decisions:write
api:evidence-list        GET    actions:read
api:evidence-list        POST   evidence:write
api:evidence             GET    actions:read
api:evidence-file        GET    evidence:read
api:date-request-list    GET    actions:read
api:date-request         GET    actions:read
api:date-request-withdraw POST  dates:write
api:date-request-decide  POST   decisions:write
api:action-date-request-list GET  actions:read
api:action-date-request-list POST dates:write
api:milestone-list       GET    actions:read
api:milestone-list       POST   dates:write
api:milestone            GET    actions:read
api:milestone            PATCH  dates:write
api:milestone-reach      POST   dates:write
api:milestone-drop       POST   dates:write
api:dependency-list      GET    actions:read
api:dependency           GET    actions:read
api:dependency-answer    POST   dependencies:write
api:dependency-end       POST   dependencies:write
api:action-dependency-list GET  actions:read
api:action-dependency-list POST dependencies:write
api:many-updates         POST   updates:write
api:return-list          GET    returns:read
api:return               GET    returns:read
api:return               PATCH  returns:write
api:return-submit        POST   returns:write
api:return-question      POST   returns:write
api:my-work              GET    decisions:read
api:decision-list        GET    decisions:read
api:escalation-list      GET    decisions:read
api:escalation           GET    decisions:read
api:escalation-acknowledge POST escalations:write
api:search               GET    actions:read
api:inspection-list      GET    recommendations:read
api:inspection           GET    recommendations:read
api:letter-list          GET    recommendations:read
api:letter               GET    recommendations:read
api:letter-pdf           GET    recommendations:read
api:letter-docx          GET    recommendations:read
api:recommendation-list  GET    recommendations:read
api:recommendation       GET    recommendations:read
api:own-status-list      POST   recommendations:write
api:register-status-list POST   recommendations:write
api:link-list            GET    recommendations:read
api:link-list            POST   recommendations:write
api:link-remove          POST   recommendations:write
api:board-list           GET    meetings:read
api:board                GET    meetings:read
api:meeting-list         GET    meetings:read
api:meeting              GET    meetings:read
api:minute-list          GET    meetings:read
api:minute               GET    meetings:read
api:arising-list         GET    meetings:read
api:arising              GET    meetings:read
api:arising-report       POST   meetings:write
api:change-list          GET    changes:read
api:webhook-list         GET    webhooks:write
api:webhook-list         POST   webhooks:write
api:webhook              GET    webhooks:write
api:webhook              PATCH  webhooks:write
api:webhook-address      POST   webhooks:write
api:webhook-remove       POST   webhooks:write
api:webhook-secret-list  POST   webhooks:write
api:webhook-replay       POST   webhooks:write
api:webhook-message-list GET    webhooks:write
api:webhook-message-replay POST webhooks:write
api:webhook-message-skip   POST webhooks:write
"""
OPEN = "open"
ROWS: list[tuple[str, str, str]] = [
    (route, method, scope) for route, method, scope in (line.split() for line in TABLE.strip().splitlines())
]

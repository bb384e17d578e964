"""The rows of the permission matrix for changing many actions at once. Without a query nothing is selected."""

PAGES = """
#                                   an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
actions:action-bulk           GET   302 403 403 403 403 422 422 : 422 422 422 422 422 403
actions:action-bulk           POST  302 403 403 403 403 422 422 : 422 422 422 422 422 403
actions:action-bulk           OTHER 302 405
"""

API = """
#                       an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:many-updates  GET   401 405
api:many-updates  POST  401 403 403 403 403 400 400 : 400 400 400 400 400 403 : 403 400 403 400
api:many-updates  OTHER 401 405
"""

"""The rows of the permission matrix for what is wanted from whoever asks, and for search: everybody's own, so nobody is refused."""

API = """
#                       an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:my-work        GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:my-work        POST  401 405
api:my-work        OTHER 401 405
api:decision-list  GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:decision-list  POST  401 405
api:decision-list  OTHER 401 405
api:search         GET   401 400 400 400 400 400 400 : 400 400 400 400 400 400 : 400 403 403 400
api:search         POST  401 405
api:search         OTHER 401 405
"""

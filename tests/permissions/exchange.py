"""The rows of the permission matrix for what other systems follow."""

API = """
#                          an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:change-list  GET       401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:change-list  POST      401 405
api:change-list  OTHER     401 405
"""

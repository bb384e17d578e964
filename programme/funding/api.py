"""Funding and grants in the API, to be read."""

from programme.funding.resources import DECISIONS, FUNDS, GRANTS, LIMITS, ROUNDS, TOTALS
from programme.records.api import endpoints_of

rounds = endpoints_of(ROUNDS, "funding-round", "funding_round")
decisions = endpoints_of(DECISIONS, "funding-decision", "funding_decision")
funds = endpoints_of(FUNDS, "grant-fund", "grant_fund")
limits = endpoints_of(LIMITS, "grant-limit", "grant_limit")
grants = endpoints_of(GRANTS, "grant", "grant")
totals = endpoints_of(TOTALS, "stated-total", "stated_total")

"""Frameworks in the API: read; readings are added and corrected by the organisation that they are about."""

from programme.frameworks.resources import FRAMEWORKS, GRADES, ITEMS, MAPPINGS, MEASURES, READINGS, TERMS
from programme.records.api import endpoints_of

versions = endpoints_of(FRAMEWORKS, "framework", "framework")
items = endpoints_of(ITEMS, "framework-item", "framework_item")
grades = endpoints_of(GRADES, "grade", "grade")
measures = endpoints_of(MEASURES, "measure", "measure")
readings = endpoints_of(READINGS, "reading", "reading")
mappings = endpoints_of(MAPPINGS, "action-mapping", "action_mapping")
terms = endpoints_of(TERMS, "term", "term")

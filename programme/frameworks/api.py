"""Frameworks in the API: read; readings are added and corrected by the organisation that they are about."""

from programme.frameworks.resources import FRAMEWORKS, ITEMS, MEASURES, READINGS
from programme.records.api import endpoints_of

versions = endpoints_of(FRAMEWORKS, "framework", "framework")
items = endpoints_of(ITEMS, "framework-item", "framework_item")
measures = endpoints_of(MEASURES, "measure", "measure")
readings = endpoints_of(READINGS, "reading", "reading")

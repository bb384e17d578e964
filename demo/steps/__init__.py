"""The verbs of the history tables, one module for each kind of step."""

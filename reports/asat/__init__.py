"""Pages and API read as the record stood at a past moment."""

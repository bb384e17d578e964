"""Training in the API: read everything; events, attendance, completions and Champions are added and changed too."""

from programme.records.api import endpoints_of
from programme.training.resources import ATTENDANCE, CHAMPIONS, COMPLETIONS, EVENTS, PROGRAMMES

programmes = endpoints_of(PROGRAMMES, "training-programme", "training_programme")
events = endpoints_of(EVENTS, "training-event", "training_event")
attendances = endpoints_of(ATTENDANCE, "attendance", "attendance")
completions = endpoints_of(COMPLETIONS, "completion", "completion")
champions = endpoints_of(CHAMPIONS, "champions-count", "champions_count")

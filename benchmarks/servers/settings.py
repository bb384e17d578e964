"""The product's settings around the stock lists, without what the product adds to every page."""

from pathlib import Path

from prevent_tracker.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.servers.stock"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

"""The product's settings around the stock list."""

from prevent_tracker.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.servers.stock"

"""The former place of these names, for tests that still import them from here."""

from tests.support.cluster import Cluster, server_programs

__all__ = ["Cluster", "server_programs"]

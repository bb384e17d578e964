"""Backups: database and evidence in one encrypted file, and the way back."""

"""Keeping an instance: backups, restoring them, moving to another database. Knows tables and files, no rooms."""

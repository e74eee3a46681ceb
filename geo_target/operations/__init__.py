"""Accounts, sessions and the audit log: what the service writes, in one database."""

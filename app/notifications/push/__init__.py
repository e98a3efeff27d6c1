"""Sends Web Push messages (RFC 8030, 8291, 8292); knows no database and no web framework."""

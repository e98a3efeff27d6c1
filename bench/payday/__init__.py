"""A payday: a push message to every family, beside what others send with."""

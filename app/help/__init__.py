"""Public pages: help with signing in, safety, how to reach the fund, the conditions."""

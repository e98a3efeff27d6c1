"""What the measurements share: a large fund, a load, and the processes that are compared."""

"""The channels by which alerts leave: what they say, and how each answer is read."""

"""Which server the portal runs on: speed, memory, and how it ends."""

SLOW = "/traag"  # an address of the measurement's own
SLOW_SECONDS = 2.0

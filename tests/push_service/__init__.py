"""A push service for tests: as strict as the RFCs, and as unreliable as a test asks for."""

from .receiver import Device, NotForUs
from .service import GARBAGE, RESET, SILENCE, PushService, Received, Scripted

__all__ = [
    "GARBAGE",
    "RESET",
    "SILENCE",
    "Device",
    "NotForUs",
    "PushService",
    "Received",
    "Scripted",
]

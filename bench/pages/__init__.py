"""The payments page beside the same page in Django and in Quart with hand-written SQL."""

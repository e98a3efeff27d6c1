"""The fund's back office: its feed comes in here."""

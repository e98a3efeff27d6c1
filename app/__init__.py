"""Mijn Kinderbijslag: the portal in which parents follow their child benefit."""

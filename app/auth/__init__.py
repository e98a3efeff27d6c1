"""Who may come in: signing in, sessions, registration, and the access each route declares."""

"""Who belongs to which dossier: people, their roles, the children and what they are entitled to."""

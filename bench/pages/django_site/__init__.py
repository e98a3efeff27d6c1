"""The payments page as a Django developer writes it: ORM, templates, sessions in the database."""

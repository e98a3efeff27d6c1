"""What must reach a person: facts become outbox rows, and rows become e-mail and push."""

"""Documents by the hash of their content, in a folder or in object storage."""

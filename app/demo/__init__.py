"""Demo only: made-up people, the identity provider they sign in with, and a fund that pays them."""

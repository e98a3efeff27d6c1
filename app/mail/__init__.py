"""E-mail: writes messages from templates, sends them, and signs the links that stand in them."""

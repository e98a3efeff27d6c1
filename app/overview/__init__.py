"""Home: what is new, what comes next, and the banner the fund sets when something is wrong."""

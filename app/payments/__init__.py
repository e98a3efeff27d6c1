"""What the fund paid or will pay, why, and why it differs from the month before."""

"""What the fund writes: letters as PDF and short messages, and what has been read of them."""

"""The center's lists with ten thousand mailboxes, behind row-level security."""

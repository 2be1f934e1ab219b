"""Pages of daily counts."""

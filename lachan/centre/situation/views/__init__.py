"""Pages of the situation."""

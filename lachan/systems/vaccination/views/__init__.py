"""Pages of vaccination."""

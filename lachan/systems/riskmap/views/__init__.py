"""Pages of riskmap."""

"""Everything that reads daily counts."""

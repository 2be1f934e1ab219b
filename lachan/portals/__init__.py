"""Ways in for those who are not staff: the citizen's own record, and what is open to all."""

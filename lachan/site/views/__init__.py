"""Pages that look across the systems: the home desk, a person, a chain of causes."""

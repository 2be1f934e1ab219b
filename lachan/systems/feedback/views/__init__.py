"""Pages of citizens, of the desk, and of the call centre."""

"""The desks of testing."""

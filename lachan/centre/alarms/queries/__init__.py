"""Everything that reads for alarms."""

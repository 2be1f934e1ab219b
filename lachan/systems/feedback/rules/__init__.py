"""What follows from a report, its evidence, the policy and the clock. Pure."""

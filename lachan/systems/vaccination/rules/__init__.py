"""What is decided about doses, people and lots: pure functions of evidence, policy and the day."""

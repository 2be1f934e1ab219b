"""What is an alarm, how much it hurts, and what may be done with it next. Pure."""

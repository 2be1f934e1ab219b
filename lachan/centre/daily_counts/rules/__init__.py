"""What may be believed of daily counts. Pure."""

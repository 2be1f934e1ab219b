"""Fuzzing of the readers of codes, layer by layer: `make fuzz`."""

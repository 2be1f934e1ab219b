"""The writes: each one transaction, with its events in it. One writer of the graph at a time (`graph.hold`)."""

"""The only place that knows all nine systems: settings, addresses, subscriptions, command line."""

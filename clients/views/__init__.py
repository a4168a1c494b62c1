"""Pages of clients. What they share with the API is below them: querysets, filters, rules, services."""

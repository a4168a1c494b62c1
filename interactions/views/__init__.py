"""Pages of what happens with clients."""

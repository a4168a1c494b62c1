"""What people send us about organizations, members and themselves."""

"""The clients an organization looks after: contacts, account teams, contracts and opportunities."""

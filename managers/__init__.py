"""The people who look after clients: profiles, teams, reporting lines and absences."""

"""``make bench``: what our pages and calls cost, against the least that the same answer can cost.

Machines are shared and noisy, so the figures are ratios inside one run: CPU of the web's and the database's processes
per request, SQL statements, bytes. What they must reach is in ``bench.targets``.
"""

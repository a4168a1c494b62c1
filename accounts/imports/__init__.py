"""Bringing a company's own data in: a mapping file says which columns of which CSV files become which rows.

Top to bottom: ``mapping`` (what the operator wrote), ``readers`` (files, line by line), ``values`` and ``fields`` (text
into dates, money, choices), ``records`` (one line into one row's values), ``links`` and ``upsert`` (finding and
writing rows in bulk), ``engine`` (one run), ``report`` (what came of it). The apps above register an importer per
entity; this package knows none of them.
"""

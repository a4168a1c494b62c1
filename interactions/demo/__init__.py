"""The demo organizations: one believable bilingual firm with 18 months of history, and a second one beside it.

Made from a seed and the day it is made on, so that it is the same everywhere and never old. Rows that only fill the
history are inserted in bulk; what should leave traces as people do (a detractor's answer) goes through the services.
"""

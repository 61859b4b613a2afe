"""The REST API, version 1: what integrations see and do. Every change is one call of one action."""

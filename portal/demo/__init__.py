"""The demo: a small believable firm whose last four weeks were made by the real actions."""

"""The pages: each module a screen, each view one call to the domain."""

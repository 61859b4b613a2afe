"""The forms of the pages in which an organization is arranged."""

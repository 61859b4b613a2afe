"""The browser of the journeys: Chromium without a window where it is installed, which is quicker, else the whole."""

import shutil

NAMES = ("chromium-headless-shell", "chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
FLAGS += ("--disable-sync", "--no-first-run")


def chromium() -> str | None:
    """Where it is, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)

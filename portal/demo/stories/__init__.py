"""The demo's stories: what Kestrel and its clients handed to each other in the last four weeks."""

from collections.abc import Sequence

from portal.demo.stories import clients, incidents, office, onboarding
from portal.demo.story import Story

STORIES: Sequence[Story] = (*onboarding.STORIES, *clients.STORIES, *incidents.STORIES, *office.STORIES)

"""Pages and journeys in headless Chromium, against the real program in its own process."""

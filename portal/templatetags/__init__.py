"""What templates need: icons, times, people, states and components with a body."""

"""What networks say of posts and profiles: collected by the timetable, kept, reported."""

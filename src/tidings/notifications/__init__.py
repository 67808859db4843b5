"""What people are told of what happened without them: in the page, and by mail as they wish."""

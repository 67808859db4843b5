"""What others write to our profiles: gathered, given to somebody, answered, done."""

"""The pages of whoever runs the instance. What they show is made in tidings.instance."""

"""What people write: posts, their items (a thread), and how one channel says them."""

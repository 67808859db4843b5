"""Pictures and films: taken in, looked inside, fitted to networks, served."""

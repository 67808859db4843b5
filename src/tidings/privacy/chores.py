"""What a worker does beside sending, all of it: what deliveries need, and what the promise needs."""


from tidings.deliveries import chores

PACES: chores.Paces = (*chores.PACES,)

"""Who may use the cores: runs beyond them wait in a fair queue.

Fair: the next core goes to the owner who has the fewest; among equals, to the one who was
served longest ago; then to who came first. So ten runs of one do not keep a newcomer out.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(eq=False)
class Ticket:
    """One wish for cores; `cores` says how many were given."""

    owner: str
    wish: int
    granted: asyncio.Event = field(default_factory=asyncio.Event)
    cores: int = 0


class Slots:
    """So many cores. `make_room` is called when somebody has to wait."""

    def __init__(self, cores: int, make_room: Callable[[], None] = lambda: None) -> None:
        self.cores = cores
        self._make_room = make_room
        self._held: list[Ticket] = []
        self._waiting: list[Ticket] = []
        self._served: dict[str, int] = {}  # owner -> when last served
        self._clock = 0

    @property
    def free(self) -> int:
        """Cores that nobody uses."""
        return self.cores - sum(ticket.cores for ticket in self._held)

    def ask(self, owner: str, wish: int) -> Ticket:
        """Ask for cores; `granted` is set at once if one is free. Give it back with `release`."""
        ticket = Ticket(owner, max(1, min(wish, self.cores)))
        self._waiting.append(ticket)
        self._grant()
        if not ticket.granted.is_set():
            self._make_room()
        return ticket

    def release(self, ticket: Ticket) -> None:
        """Give cores back, or leave the queue. Twice does no harm."""
        for tickets in (self._held, self._waiting):
            if ticket in tickets:
                tickets.remove(ticket)
        if not self._held and not self._waiting:
            self._served.clear()
        self._grant()

    def place(self, ticket: Ticket) -> int:
        """How many are served until this one is, itself included; 0 when it has been."""
        order = self._order()
        return order.index(ticket) + 1 if ticket in order else 0

    def _order(self) -> list[Ticket]:
        """The waiting, as they will be served."""
        has = {ticket.owner: 0 for ticket in self._waiting}
        for ticket in self._held:
            if ticket.owner in has:
                has[ticket.owner] += 1
        served = {owner: self._served.get(owner, 0) for owner in has}
        rest, order = list(self._waiting), []
        while rest:  # min takes who came first among equals
            first = min(rest, key=lambda ticket: (has[ticket.owner], served[ticket.owner]))
            rest.remove(first)
            order.append(first)
            has[first.owner] += 1
            served[first.owner] = self._clock + len(order)
        return order

    def _grant(self) -> None:
        while self._waiting and self.free > 0:
            ticket = self._order()[0]
            self._waiting.remove(ticket)
            ticket.cores = min(ticket.wish, self.free)
            self._held.append(ticket)
            self._clock += 1
            self._served[ticket.owner] = self._clock
            ticket.granted.set()

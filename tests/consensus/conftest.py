"""One article, and three spins of it, which differ in words, in the order of sentences, and in what stands around them."""

import pytest

ONE = """Garden Clubs

A garden club brings individuals together who love plants. Members share seeds, tools and advice, and they learn from each
various other. Many clubs fulfill once a month in a community hall. Beginners can ask concerns without feeling foolish.

A club is also a good way to save money. Seeds are purchased in big quantities, and pricey tools are shared. In the spring
the members aid each other to prepare the soil. In the fall they gather the leaves and make garden compost.

Older members frequently feel less lonely when they work outdoors with their neighbors. Fresh air and workout are good for
the heart, and the vegetables taste much better than those from the store.
"""
TWO = """Blog Article

A garden club brings people together who love plants. Participants share seeds, devices and advice, and they learn from each
other. Numerous clubs meet once a month in a neighborhood hall. Newbies can ask questions without feeling silly.

Fresh air and exercise are great for the heart, and the veggies taste better than those from the shop. Older participants
often feel less lonesome when they work outdoors with their next-door neighbors.

A club is likewise a great way to conserve money. Seeds are bought in large quantities, and expensive tools are shared. In
the spring the members help each other to prepare the soil. In the fall they collect the leaves. They make compost.
"""
THREE = """A garden club brings people together that enjoy plants. Members share seeds, tools and suggestions, and they find out
from each other. Many clubs meet when a month in a community hall. Beginners can ask questions without really feeling
foolish.

A club is also a good way to save cash. Seeds are bought in big amounts, and costly tools are shared. In the spring the
members help each other to prepare the soil. In the autumn they gather the leaves and make compost.

Report this page
"""
UNRELATED = """The old bridge was closed for repairs in March. Engineers found rust in two of the main cables, and the city
decided that heavy trucks must take another road until the work is done. Ferries run every hour instead.
"""


@pytest.fixture
def copies() -> list[str]:
    return [ONE, TWO, THREE]


@pytest.fixture
def unrelated() -> str:
    return UNRELATED

"""The main text of a web page, without menus, comments and the like, as plain text: what trafilatura takes it for."""

from __future__ import annotations

import logging

from despin.errors import InputError, ModelError


def extract(source: str) -> str:
    """Returns the main text of an HTML document, one paragraph a line; a text of its own, without a way back.

    Raises:
        InputError: if none is found.
        ModelError: if trafilatura is missing.
    """
    try:
        import trafilatura  # for those who installed it
    except ImportError as error:
        install = "install it with `pip install 'despin[extract]'`"
        raise ModelError(f"The main text is found by trafilatura, which does not load ({error}); {install}.") from error
    # What it has to say is said below.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    text = trafilatura.extract(source, output_format="txt", include_comments=False)
    if not text or not text.strip():
        raise InputError("no main text was found in it; it may be no HTML, or hold too little text")
    return f"{text}\n"

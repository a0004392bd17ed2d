"""From what somebody asked for to the page that shows how far it is."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

#: In the address of a job's page: who opens it has just asked for the job, and wants what it leads to.
FOLLOWING = "theo"


def follow(public_id: str | None) -> Response:
    """To the page of the job ``public_id``, which goes on by itself to what the job leads to, also where it is over."""
    return redirect(url_for("jobs.progress", public_id=public_id) + f"?{FOLLOWING}=1", 303)

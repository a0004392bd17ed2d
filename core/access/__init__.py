"""Who may do what, where: roles × actions × scopes as one table, and one ``authorise()``."""

from core.access.actions import Action, Role, label_of_role, roles_allowing
from core.access.policy import Actor, Forbidden, Grant, allowed, scopes_for
from core.access.routes import authorise, current_actor, permits, public, set_actor_loader

__all__ = [
    "Action",
    "Actor",
    "Forbidden",
    "Grant",
    "Role",
    "allowed",
    "authorise",
    "current_actor",
    "label_of_role",
    "permits",
    "public",
    "roles_allowing",
    "scopes_for",
    "set_actor_loader",
]

"""A city at once: every secretary signs in, starts within a minute, answers, submits; the platform is judged afterwards.

``python -m bench.city`` (``make bench-city``). The server runs as in production on one core, the generator on another. It is
open-loop: what a person does and when is drawn beforehand and waits for nobody.
"""

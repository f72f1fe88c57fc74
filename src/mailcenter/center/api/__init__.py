"""The REST API: the same deeds as the screens and the command line, for programs with a key.

`api.urls` belongs under `/api/v1/`; the OpenAPI document is `/api/v1/openapi.json`, its readable form `/api/v1/docs`.
API keys themselves are made by people only (screens, command line), so that a stolen key cannot make others.
"""

from __future__ import annotations

from mailcenter.center.api.routes import api

__all__ = ["api"]

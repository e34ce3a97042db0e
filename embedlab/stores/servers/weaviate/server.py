"""What is asked of a server of Weaviate, and what it says when it refuses."""

from __future__ import annotations

from typing import Any

import httpx2

from embedlab.errors import StoreError

# Seconds a request may take: a large one on a busy server.
_SECONDS = 120


class Server:
    """A server of Weaviate.

    Parameters
    ----------
    url : str
        ``http://host:port``.
    key : str or None
        Sent with every request, and to no other host.
    """

    def __init__(self, url: str, key: str | None) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx2.Client(
            base_url=f"{url.rstrip('/')}/v1", headers=headers, timeout=_SECONDS, trust_env=False
        )

    def ask(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 - JSON
        """Return what the server answers; None where there is nothing of that name.

        Raises
        ------
        StoreError
            When it refuses, with its own words.
        """
        answer = self._client.request(method, path, params=params, json=body)
        if answer.status_code == 404:
            return None
        if not answer.is_success:
            raise StoreError(f"Weaviate answered {answer.status_code}: {_words(answer)}")
        return answer.json() if answer.content else {}

    def query(self, query: str) -> dict[str, Any]:
        """Return the data of a query in GraphQL."""
        found = self.ask("POST", "/graphql", body={"query": query}) or {}
        if found.get("errors"):
            raise StoreError(f"Weaviate could not do it: {_first(found['errors'])}")
        if not found.get("data"):
            raise StoreError("Weaviate answered a query with nothing. Look whether it is one behind that address.")
        return dict(found["data"])

    def close(self) -> None:
        """End the connections."""
        self._client.close()


def _words(answer: httpx2.Response) -> str:
    try:
        said = answer.json()
        words = _first(said["error"]) if "error" in said else str(said["message"])
    except (ValueError, KeyError, TypeError):
        words = answer.text
    if "graphql api is disabled" in words:
        return (
            "its GraphQL is switched off, and only by it vectors are searched without a client. Where the server is "
            "yours, start it with DISABLE_GRAPHQL=false."
        )
    return words.strip().split("\n")[0][:500] or answer.reason_phrase


def _first(errors: list[dict[str, Any]]) -> str:
    return str(errors[0]["message"]).split("\n")[0][:500]

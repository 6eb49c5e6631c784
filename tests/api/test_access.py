"""Who may come in: names of hosts, pages of other sites, tokens, and lengths of bodies."""

from __future__ import annotations

import pytest

from huohua.api.access import LONGEST_BODY, Rules

TOKEN = "a-token-of-the-tests"  # noqa: S105


@pytest.fixture(scope="module")
def guarded(make_server):
    return make_server("--host", "0.0.0.0", HUOHUA_TOKEN=TOKEN)  # noqa: S104


def test_a_name_that_the_server_does_not_go_by_is_refused(server):
    """A page that makes its own name lead to 127.0.0.1 would else be of the same origin."""
    answer = server.client.get("/models", headers={"host": "evil.example"})
    assert answer.status_code == 421
    assert server.client.get("/models", headers={"host": "localhost:1"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_pages_of_other_sites_are_refused_and_told_nothing(server, headers):
    for answer in (
        server.client.post("/artworks", json={"art": "image"}, headers=headers),
        server.client.get("/models", headers=headers),
        server.client.options("/artworks", headers={**headers, "access-control-request-method": "POST"}),
    ):
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_servers_own_page_may_come_in(server):
    host = server.client.base_url.netloc.decode()
    assert server.client.get("/models", headers={"origin": f"http://{host}"}).status_code == 200


def test_a_form_of_another_site_cannot_pose_as_json(server):
    answer = server.client.post(
        "/artworks", content=b'{"art":"image"}', headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 422


def test_a_server_that_others_can_reach_wants_its_token_everywhere(guarded):
    paths = ["/models", "/artworks", "/jobs", "/datasets", "/openapi.json", "/nowhere"]
    for path in paths:
        for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}):
            answer = guarded.client.get(path, headers=header)
            assert answer.status_code == 401, path
            assert answer.headers["www-authenticate"] == "Bearer"
    known = {"authorization": f"Bearer {TOKEN}"}
    assert [guarded.client.get(path, headers=known).status_code for path in paths] == [200] * 5 + [404]
    assert guarded.client.get("/health").status_code == 200


def test_a_given_token_is_not_told_to_the_terminal(guarded):
    assert guarded.token == ""


def test_a_body_that_is_too_long_is_refused_before_it_is_read(server):
    announced = server.client.post("/artworks", content=b" " * (LONGEST_BODY + 1))
    assert announced.status_code == 413

    def dribble():
        for _ in range(LONGEST_BODY // 65536 + 1):
            yield b" " * 65536

    header = {"content-type": "application/json"}
    assert server.client.post("/artworks", content=dribble(), headers=header).status_code == 413


def test_answers_are_not_to_be_framed_sniffed_or_kept(server):
    headers = server.client.get("/health").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_rules_for_any_host_need_a_token():
    with pytest.raises(ValueError, match="token"):
        Rules(hosts=frozenset())

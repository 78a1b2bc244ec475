"""A relay's loop: keeps one stream coming over the paths that TrafficDispatch gives it: relay.py HOST:PORT NODE STREAM [options]

README.md says how to run it.
"""

import argparse
import itertools
import socket
import time

import grpc

from dispatch.v1 import relay_pb2 as relay

# A pause where no path works; it doubles up to the longest.
PAUSE, LONGEST_PAUSE = 1.0, 30.0
# How long a call may take, seconds; the stream goes on meanwhile.
DEADLINE = 10


class Tcp:
    """Fetches from a path's first hop over TCP. Bytes that come stand in for the stream; a media server would speak its own protocol here."""

    def __init__(self, port, patience):
        self._port, self._patience, self._heard = port, patience, 0.0

    def open(self, path):
        """A connection to the parent, or None."""
        for endpoint in path.hops[0].endpoints:
            try:
                source = socket.create_connection((endpoint.value, self._port), self._patience)
                self._heard = time.monotonic()
                return source
            except OSError:
                continue
        return None

    def wait(self, source, seconds):
        """Takes the stream for so long. Returns what is wrong with it, or None."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if (quiet := self._heard + self._patience - time.monotonic()) <= 0:
                return relay.PATH_TROUBLE_STALL
            source.settimeout(min(left, quiet))
            try:
                if not source.recv(65536):
                    return relay.PATH_TROUBLE_CONNECT_FAILURE
                self._heard = time.monotonic()
            except TimeoutError:
                continue
            except OSError:
                return relay.PATH_TROUBLE_CONNECT_FAILURE
        return None


class Pretend:
    """For trying without a network: every parent is there but those named, and streams never break."""

    def __init__(self, broken):
        self._broken = broken

    def open(self, path):
        return None if path.hops[0].node_id in self._broken else socket.socket()

    @staticmethod
    def wait(_source, seconds):
        time.sleep(seconds)


class Loop:
    """Asks for paths, connects in their order, tells which fail, and keeps the parent while the answer says that it is good."""

    def __init__(self, service, fetch, node, stream, longest_turn):
        self._service, self._fetch, self._node, self._stream, self._longest_turn = service, fetch, node, stream, longest_turn
        self._source, self._hops, self._pause = None, [], PAUSE

    def turn(self):
        """From one answer to the next: until its time is over, or the stream breaks."""
        try:
            reply = self._service["Route"](relay.RouteRequest(node_id=self._node, stream_key=self._stream, current=self._hops if self._source else []), timeout=DEADLINE)
        except grpc.RpcError as error:
            if error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND):
                raise SystemExit(error.details()) from error
            say(f"no answer ({error.code().name}); {'stays' if self._source else 'waits'}")
            return self._follow(self._pause, None)
        for path in itertools.chain(reply.paths, [reply.last_resort] if reply.HasField("last_resort") else []):
            hops = [hop.node_id for hop in path.hops]
            if self._source and path.current:
                say(f"stays with {' > '.join(self._hops)}")
                return self._follow(min(reply.ttl, self._longest_turn), reply)
            # The new parent is there before the old one is left.
            source = self._fetch.open(path)
            if source:
                self._leave()
                self._source, self._hops, self._pause = source, hops, PAUSE
                say(f"fetches over {' > '.join(hops)}, {path.rtt_us / 1000:.1f} ms")
                return self._follow(min(reply.ttl, self._longest_turn), reply)
            self._report(hops, relay.PATH_TROUBLE_CONNECT_FAILURE, reply)
        say(f"no path: {reply.reason}")
        return self._follow(self._pause, None)

    def _follow(self, seconds, reply):
        if reply is None:
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if not self._source:
            time.sleep(seconds)
            return
        trouble = self._fetch.wait(self._source, seconds)
        if trouble:
            self._leave()
            self._report(self._hops, trouble, reply)

    def _leave(self):
        if self._source:
            self._source.close()
        self._source = None

    def _report(self, hops, trouble, reply):
        """Says that the hop to the parent fails; answers to all nodes keep away from it at once."""
        words = relay.PathTrouble.Name(trouble).removeprefix("PATH_TROUBLE_")
        request = relay.ReportPathRequest(node_id=self._node, stream_key=self._stream, hops=hops, failed_hop=1, trouble=trouble)
        if reply is not None:
            request.table_epoch, request.table_version = reply.table_epoch, reply.table_version
        try:
            heard = self._service["ReportPath"](request, timeout=DEADLINE)
            say(f"{self._node} > {hops[0]} fails ({words}): {'taken' if heard.taken else heard.reason}")
        except grpc.RpcError as error:
            say(f"{self._node} > {hops[0]} fails ({words}): not told ({error.code().name})")


def say(words):
    print(words, flush=True)


def methods(channel):
    """The calls of dispatch.v1.Relay that a relay needs, by name."""
    kinds = {"Route": (relay.RouteRequest, relay.RouteReply), "ReportPath": (relay.ReportPathRequest, relay.ReportPathReply)}
    return {
        name: channel.unary_unary(f"/dispatch.v1.Relay/{name}", request_serializer=asked.SerializeToString, response_deserializer=told.FromString)
        for name, (asked, told) in kinds.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="the Grpc endpoint, for instance 127.0.0.1:5051")
    parser.add_argument("node", help="the edge or relay that this is, for instance own-fra")
    parser.add_argument("stream", help="the stream to fetch, for instance harbour-news")
    parser.add_argument("--port", type=int, default=1935, help="where parents are reached at their endpoints")
    parser.add_argument("--patience", type=float, default=2, help="seconds that a connection, or the next bytes, may take")
    parser.add_argument("--refresh", type=float, default=30, help="ask again after so many seconds at the latest")
    parser.add_argument("--turns", type=int, help="how many answers to follow; without it, for ever")
    parser.add_argument("--pretend", metavar="NODE,…", help="connect to nothing; parents named here fail (- for none)")
    options = parser.parse_args()
    fetch = Tcp(options.port, options.patience) if options.pretend is None else Pretend(options.pretend.split(","))
    with grpc.insecure_channel(options.address, options=[("grpc.max_reconnect_backoff_ms", 1000)]) as channel:
        loop = Loop(methods(channel), fetch, options.node, options.stream, options.refresh)
        for _ in range(options.turns) if options.turns else itertools.count():
            loop.turn()


if __name__ == "__main__":
    main()

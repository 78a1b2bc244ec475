"""Asks as CoreDNS' plugin grpc does, with dnspython's messages in Debian's grpcio: coredns.py ADDRESS DESCRIPTORS."""

import random
import sys

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import grpc

from harness import Report, Schema

CLIENTS = ["81.2.69.0/24", "12.0.0.0/24", "1.0.1.0/24", "200.0.0.0/20", "41.0.0.0/24", "2001:4860::/32", "2a02:c7f::/40", "127.0.0.0/24"]
HOSTS = {"live.example.net": "live", "www.example.net": "api", "vod.example.net": "vod", "download.example.net": "bulk"}


class Upstream:
    """One upstream of the plugin: packs, sends, and accepts what the plugin accepts."""

    def __init__(self, schema, channel):
        self._packet = schema.message("coredns.dns.DnsPacket")
        self._stub = schema.stub(channel, "coredns.dns.DnsService")

    def exchange(self, query):
        raw = self._stub.Query(self._packet(msg=query.to_wire()), timeout=10).msg
        reply = dns.message.from_wire(raw)
        asked, told = query.question, reply.question
        assert reply.flags & dns.flags.QR and reply.id == query.id, "an answer has the question's id"
        assert len(told) == 1 and told[0].name == asked[0].name and (told[0].rdtype, told[0].rdclass) == (asked[0].rdtype, asked[0].rdclass)
        assert told[0].name.to_text() == asked[0].name.to_text(), "the case is kept"
        return reply

    def raw(self, data):
        return self._stub.Query(self._packet(msg=data), timeout=10).msg


def ask(name, rdtype, subnet=None, **more):
    query = dns.message.make_query(name, rdtype, **more)
    if subnet is not None:
        address, length = subnet.split("/")
        query.use_edns(0, options=[dns.edns.ECSOption(address, int(length))])
    return query


def scope(reply):
    return next((o.scopelen for o in reply.options if isinstance(o, dns.edns.ECSOption)), None)


def parity(report, schema, channel, upstream):
    """The answer's addresses, time to live and scope are those of Resolve."""
    resolve = schema.message("dispatch.v1.ResolveRequest")
    routing = schema.stub(channel, "dispatch.v1.Routing")
    for host, service in HOSTS.items():
        for client in CLIENTS:
            expected = routing.Resolve(resolve(service=service, client_subnet=client, count=1), timeout=10)
            told, scopes, ttls = set(), set(), set()
            for rdtype in ("A", "AAAA"):
                reply = upstream.exchange(ask(host, rdtype, client))
                scopes.add(scope(reply))
                for rrset in reply.answer:
                    ttls.add(rrset.ttl)
                    told |= {r.to_text().rstrip(".") for r in rrset}
            endpoints = {e.value for edge in expected.edges for e in edge.endpoints}
            report.check(f"{host} for {client}", (told, scopes, ttls) == (endpoints, {expected.scope_prefix_len}, {expected.ttl}), (told, endpoints, scopes, ttls))


def zone(report, upstream):
    soa = upstream.exchange(ask("example.net", "SOA"))
    report.check("SOA", soa.answer[0][0].mname.to_text() == "ns1.example.net." and soa.flags & dns.flags.AA, soa.answer)
    servers = upstream.exchange(ask("example.net", "NS"))
    report.check("NS with addresses", len(servers.answer) == 1 and {r.rdtype for r in servers.additional} == {1, 28}, servers.additional)
    missing = upstream.exchange(ask("nobody.example.net", "A", "81.2.69.0/24"))
    report.check("NXDOMAIN has an SOA and scope 0", missing.rcode() == dns.rcode.NXDOMAIN and missing.authority[0].rdtype == 6 and scope(missing) == 0)
    empty = upstream.exchange(ask("live.example.net", "MX"))
    report.check("NODATA or a name", empty.rcode() == 0 and (empty.authority or empty.answer[0].rdtype == 5), empty)
    elsewhere = upstream.exchange(ask("example.org", "A"))
    report.check("REFUSED elsewhere", elsewhere.rcode() == dns.rcode.REFUSED and not elsewhere.flags & dns.flags.AA)
    short = upstream.exchange(ask("ns1.example.net", "ANY"))
    report.check("ANY is the short answer", [r.rdtype for r in short.answer] == [dns.rdatatype.HINFO], short.answer)
    mixed = upstream.exchange(ask("LiVe.ExAmPlE.nEt", "A", "81.2.69.0/24"))
    report.check("owner keeps the case", mixed.answer[0].name.to_text() == "LiVe.ExAmPlE.nEt.", mixed.answer)


def edns(report, upstream):
    local = ask("live.example.net", "A")
    local.use_edns(0, options=[dns.edns.GenericOption(0xFFEE, bytes([81, 2, 69, 160]))])
    by_address = upstream.exchange(local)
    by_subnet = upstream.exchange(ask("live.example.net", "A", "81.2.69.160/32"))
    report.check("0xffee is a client", by_address.answer == by_subnet.answer and scope(by_address) is None, by_address.answer)
    other = ask("live.example.net", "A")
    other.use_edns(1)
    report.check("BADVERS", upstream.exchange(other).rcode() == dns.rcode.BADVERS)
    everyone = upstream.exchange(ask("live.example.net", "A", "0.0.0.0/0"))
    report.check("scope 0 for /0", everyone.rcode() == 0 and scope(everyone) == 0)
    signed = upstream.exchange(ask("live.example.net", "A", want_dnssec=True))
    report.check("DO is repeated", signed.ednsflags & dns.flags.DO and signed.payload == 1232)
    notify = ask("example.net", "SOA")
    notify.set_opcode(dns.opcode.NOTIFY)
    report.check("NOTIMP", upstream.exchange(notify).rcode() == dns.rcode.NOTIMP)
    chaos = ask("version.bind", "TXT", rdclass=dns.rdataclass.CH)
    report.check("class CH is refused", upstream.exchange(chaos).rcode() == dns.rcode.REFUSED)


def random_messages(report, upstream):
    """Whatever dnspython can write we can read; what we write it can read."""
    choice = random.Random(20260304)
    labels = [b"live", b"LIVE", b"example", b"net", b"a" * 63, b"\x00\xff.", b"x-1", b"*"]
    rcodes = {}
    for _ in range(300):
        name = dns.name.Name([choice.choice(labels) for _ in range(choice.randrange(4))] + choice.choice([[], [b"example", b"net"]]) + [b""])
        query = dns.message.make_query(name, choice.choice(["A", "AAAA", "CNAME", "ANY", "TXT", "SOA", "TYPE65280"]))
        if choice.random() < 0.7:
            options = [dns.edns.GenericOption(choice.randrange(9, 65_000), choice.randbytes(choice.randrange(20)))]
            query.use_edns(0, choice.choice([0, dns.flags.DO]), choice.choice([512, 1232, 4096]), options=options)
        if choice.random() < 0.3:
            query.additional.append(dns.rrset.from_text(name, 5, "IN", "TXT", '"more"'))
        rcode = upstream.exchange(query).rcode()
        rcodes[rcode] = rcodes.get(rcode, 0) + 1
    report.check("300 messages of all shapes", set(rcodes) == {dns.rcode.NOERROR, dns.rcode.NXDOMAIN, dns.rcode.REFUSED}, rcodes)


def malformed(report, upstream):
    wire = ask("live.example.net", "A", "81.2.69.0/24").to_wire()
    answers = [dns.message.from_wire(upstream.raw(wire[:cut])).rcode() for cut in range(12, len(wire))]
    report.check("cut off anywhere is FORMERR", set(answers) == {dns.rcode.FORMERR})
    try:
        upstream.raw(wire[:11])
        report.check("less than a header", False)
    except grpc.RpcError as error:
        report.check("less than a header", error.code() == grpc.StatusCode.INVALID_ARGUMENT, error.details())


def main(address, descriptors):
    report = Report()
    schema = Schema(descriptors)
    with grpc.insecure_channel(address) as channel:
        upstream = Upstream(schema, channel)
        report.run(parity, schema, channel, upstream)
        for scenario in (zone, edns, random_messages, malformed):
            report.run(scenario, upstream)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))

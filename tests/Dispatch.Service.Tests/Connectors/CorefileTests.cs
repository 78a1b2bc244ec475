using System.Globalization;
using System.Net;
using Google.Protobuf;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.CoreDns;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serve;

namespace TrafficDispatch.Service.Tests.Connectors;

/// <summary>
/// CoreDNS cannot be had here, so its sample is read word by word, and the service is asked as CoreDNS would by it: at the upstream's endpoint, with what its rewrites add.
/// </summary>
[Collection(nameof(NamingService))]
public sealed class CorefileTests(NamingService shared)
{
    private static readonly string[][] Lines =
        [.. File.ReadAllLines(Path.Combine(ForeignTool.Root, "docs", "samples", "dns", "Corefile")).Select(static l => l.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(static l => l.Length > 0)];

    [Fact]
    public void Corefile_Words_AreOneZoneWithTheseDirectives()
    {
        Assert.Equal(["example.net", "{"], Lines[0]);
        Assert.Equal(["}"], Lines[^1]);
        int depth = 0;
        List<string> directives = [];
        foreach (string[] line in Lines)
        {
            if (depth == 1 && line[0] != "}") directives.Add(line[0]);
            depth += line.Count(static w => w == "{") - line.Count(static w => w == "}");
            Assert.InRange(depth, 0, 2);
        }
        Assert.Equal(0, depth);
        // In this order whatever the file says; a cache would give one region another's edges.
        Assert.Equal(["rewrite", "rewrite", "grpc", "errors"], directives);
    }

    [Fact]
    public void Corefile_Upstream_IsTheGrpcEndpointAsItComes()
    {
        string[] grpc = Assert.Single(Lines, static l => l[0] == "grpc");
        string endpoint = EndpointDefaults.Values.Single(static v => v.Key == EndpointDefaults.UrlKey(EndpointDefaults.Grpc)).Value!;
        Assert.Equal(["grpc", ".", new Uri(endpoint).Authority, "{"], grpc);
    }

    /// <summary>Who asks CoreDNS is the client: by its rewrites as a subnet of the sample's lengths, and whole in the local option that the service reads.</summary>
    [Theory]
    [InlineData("81.2.69.160")]
    [InlineData("12.0.0.1")]
    [InlineData("2001:4860:4860::8888")]
    public async Task Corefile_ClientWithoutSubnet_IsAnsweredAsResolve(string client)
    {
        string[] subnet = Assert.Single(Lines, static l => l is ["rewrite", "edns0", "subnet", ..]);
        Assert.Equal(["append", "revert"], [subnet[3], subnet[^1]]);
        Assert.Equal(["rewrite", "edns0", "local", "set", "0xffee", "{client_ip}"], Assert.Single(Lines, static l => l is ["rewrite", "edns0", "local", ..]));
        ClientAddress address = ClientAddress.Parse(client);
        int length = int.Parse(subnet[address.IsIPv6 ? 5 : 4], CultureInfo.InvariantCulture);
        DnsPacket reply = await new DnsService.DnsServiceClient(shared.Service.Channel).QueryAsync(
            new DnsPacket { Msg = ByteString.CopyFrom(Questions.Query("live.example.net", DnsType.Aaaa, IpPrefix.Around(address, length), IPAddress.Parse(client).GetAddressBytes())) });
        ResolveReply expected = shared.Service.Part<Resolver>().Resolve(new() { Service = "live", ClientSubnet = IpPrefix.Around(address, length).ToString(), Count = 1 });
        IEnumerable<string> wanted = expected.Edges[0].Endpoints.Where(static e => e.Type != Protocol.V1.EndpointType.A).Select(static e => e.Value);
        Assert.Equal(wanted, Questions.Read(reply.Msg.Span).Answers.Select(static r => r.Data.ToText()));
        Assert.Equal((int)expected.ScopePrefixLen, Questions.Scope(Questions.Read(reply.Msg.Span)));
    }
}

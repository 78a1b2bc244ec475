using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using TrafficDispatch.Dns.Wire;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.CoreDns;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Connectors;
using TrafficDispatch.Service.Serve;

namespace TrafficDispatch.Service.Tests.Connectors;

[Collection(nameof(NamingService))]
public sealed class CoreDnsTests(NamingService shared)
{
    private readonly TestService _service = shared.Service;

    private readonly byte[] _room = new byte[DnsMessage.MaxBytes];

    private DnsService.DnsServiceClient Client => new(_service.Channel);

    [Fact]
    public async Task Query_ServiceHost_AnswersOverGrpc()
    {
        DnsPacket reply = await Client.QueryAsync(new DnsPacket { Msg = ByteString.CopyFrom(Questions.Query("Live.Example.Net", DnsType.A, IpPrefix.Around(ClientAddress.Parse("12.0.0.1"), 24))) });
        DnsMessage answer = Questions.Read(reply.Msg.Span);
        Assert.Equal((4711, true, true, 0), (answer.Header.Id, answer.Header.IsResponse, answer.Header.IsAuthoritative, answer.Header.RcodeLow));
        Assert.Equal("Live.Example.Net.", answer.Questions.Single().Name.ToString());
        Assert.NotEmpty(answer.Answers);
    }

    /// <summary>What DNS answers is what Resolve answers first, for as long and for as many.</summary>
    [Fact]
    public void Query_ManyClients_AnswersAsResolve()
    {
        Resolver resolver = _service.Part<Resolver>();
        DnsDesk desk = _service.Part<DnsDesk>();
        byte[] room = new byte[DnsMessage.MaxBytes];
        Random random = new(20260304);
        (string Host, string Service)[] hosts = [("live.example.net", "live"), ("vod.example.net", "vod"), ("www.example.net", "api"), ("download.example.net", "bulk")];
        HashSet<string> seen = [];
        for (int i = 0; i < 4000; i++)
        {
            IpPrefix client = i % 4 == 0
                ? IpPrefix.Around(new ClientAddress(((UInt128)0x2001 << 112) + ((UInt128)random.NextInt64() << 64), true), random.Next(20, 57))
                : IpPrefix.Around(ClientAddress.FromV4((uint)random.NextInt64(1 << 24, 224L << 24)), random.Next(8, 33));
            (string host, string service) = hosts[i % hosts.Length];
            ResolveReply expected = resolver.Resolve(new() { Service = service, ClientSubnet = client.ToString(), Count = 1 });
            List<string> found = [];
            foreach (DnsType type in (ReadOnlySpan<DnsType>)[DnsType.A, DnsType.Aaaa])
            {
                Assert.True(desk.TryRespond(Questions.Query(host, type, client), room, out int length));
                DnsMessage answer = Questions.Read(room.AsSpan(0, length));
                Assert.Equal((int)expected.ScopePrefixLen, Questions.Scope(answer));
                Assert.All(answer.Answers, r => Assert.Equal(expected.Ttl, r.Ttl));
                found.AddRange(answer.Answers.Select(static r => r.Data.ToText()));
            }
            IEnumerable<string> endpoints = expected.Edges.SelectMany(static e => e.Endpoints).Select(static e => e.Value);
            Assert.Equal(endpoints.Order(StringComparer.Ordinal), found.Distinct().Order(StringComparer.Ordinal));
            seen.UnionWith(found);
        }
        Assert.True(seen.Count > 50, $"only {seen.Count} different endpoints");
    }

    /// <summary>What goes down is out of DNS answers at once, as it is for Resolve.</summary>
    [Fact]
    public void Query_EdgeGoesDown_AnswersFollow()
    {
        Resolver resolver = _service.Part<Resolver>();
        ResolveRequest request = new() { Service = "vod", ClientSubnet = "81.2.69.0/24", Count = 1 };
        ResolveReply before = resolver.Resolve(request);
        try
        {
            Assert.NotNull(_service.Holder.Say("dns-test", [new HealthStatement(HealthScope.Edge, before.Edges[0].Id, HealthState.Down, 1)]));
            ResolveReply after = resolver.Resolve(request);
            Assert.NotEqual(before.Edges[0].Id, after.Edges[0].Id);
            Assert.True(_service.Part<DnsDesk>().TryRespond(Questions.Query("vod.example.net", DnsType.A, new IpPrefix(ClientAddress.Parse("81.2.69.0"), 24)), _room, out int length));
            IEnumerable<string> endpoints = after.Edges[0].Endpoints.Where(static e => e.Type != Protocol.V1.EndpointType.Aaaa).Select(static e => e.Value);
            Assert.Equal(endpoints, Questions.Read(_room.AsSpan(0, length)).Answers.Select(static r => r.Data.ToText()));
        }
        finally
        {
            _service.Holder.Say("dns-test", []);
        }
    }

    /// <summary>The way from bytes to bytes gives what the generated method gives, or leaves the packet to it.</summary>
    [Fact]
    public async Task QueryRaw_AnyPacket_IsTheGeneratedMethodsReply()
    {
        CoreDnsService service = _service.Part<CoreDnsService>();
        foreach (string name in (string[])["live.example.net", "VOD.example.net", "nobody.example.net", "example.org", "example.net", "."])
        {
            foreach (DnsType type in (DnsType[])[DnsType.A, DnsType.Any, DnsType.Ns, DnsType.Axfr])
            {
                DnsPacket packet = new() { Msg = ByteString.CopyFrom(Questions.Query(name, type, IpPrefix.Around(ClientAddress.Parse("12.0.0.1"), 24))) };
                ArrayBufferWriter<byte> raw = new();
                Assert.True(CoreDnsService.QueryRaw(service, new ReadOnlySequence<byte>(packet.ToByteArray()), raw));
                Assert.Equal((await service.Query(packet, null!)).ToByteArray(), raw.WrittenSpan.ToArray());
            }
        }
        byte[] usual = new DnsPacket { Msg = ByteString.CopyFrom(Questions.Query("live.example.net", DnsType.A)) }.ToByteArray();
        foreach (byte[] unusual in (byte[][])[[], [10], [10, 0], [10, 128], [10, 128, 128, 128, 0], usual[..^1], [.. usual, 0], [16, 1, .. usual], [.. usual, .. usual]])
            Assert.False(CoreDnsService.QueryRaw(service, new ReadOnlySequence<byte>(unusual), new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public async Task Query_Python_IsAnsweredAsCoreDnsWants()
    {
        string descriptors = Path.GetTempFileName();
        try
        {
            FileDescriptorSet set = new();
            foreach (FileDescriptor file in (FileDescriptor[])[CommonReflection.Descriptor, WatchReflection.Descriptor, RoutingReflection.Descriptor, Protocol.CoreDns.DnsReflection.Descriptor])
                set.File.Add(file.ToProto());
            await File.WriteAllBytesAsync(descriptors, set.ToByteArray());
            string suite = Path.Combine(ForeignTool.Root, "tests", "interop", "python", "coredns.py");
            (int code, string output) = await ForeignTool.RunAsync("/usr/bin/python3", "-B", suite, new Uri(_service.GrpcUrl).Authority, descriptors);
            Assert.True(code == 0, output);
            Assert.Contains("48 passed, 0 failed", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(descriptors);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("00010000")]
    public async Task Query_NoHeader_IsRefused(string hex)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await Client.QueryAsync(new DnsPacket { Msg = ByteString.CopyFrom(Convert.FromHexString(hex)) }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task Query_LongestMessage_IsTaken()
    {
        byte[] longest = new byte[DnsMessage.MaxBytes];
        Questions.Query("live.example.net", DnsType.A).CopyTo(longest, 0);
        DnsPacket reply = await Client.QueryAsync(new DnsPacket { Msg = ByteString.CopyFrom(longest) });
        Assert.Equal((int)DnsRcode.FormErr, Questions.Read(reply.Msg.Span).Header.RcodeLow);
    }
}

using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Grpc.Core;
using TrafficDispatch.Core.Tests.Table;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;

namespace TrafficDispatch.Service.Tests.Serve;

/// <summary>The generated method is the oracle for what is answered from bytes to bytes.</summary>
public sealed class RawResolveTests(SmallWorldService shared) : IClassFixture<SmallWorldService>
{
    private static readonly string[] Addresses =
        ["192.0.2.7", "192.0.2.201", "203.0.113.9", "2001:db8::1", "2001:db8:1::5", "::ffff:192.0.2.7", "192.0.2.07", "no address", ""];

    private static readonly string[] Subnets = ["192.0.2.0/24", "192.0.2.0/25", "0.0.0.0/0", "::/0", "2001:db8:1::/48", "::ffff:0.0.0.0/96", "192.0.2.1/24", "x/8"];

    private static readonly string[] Regions = ["FR-01", "US-01", "CN-01", "XX-99"];

    private static readonly string[] Services = ["", "live", "bulk", "live.example.net", "LIVE.example.net", "live.example.net.", ".", "nobody"];

    private static readonly string[] Keys = ["", "user-17", "stream/é", new string('k', 127), new string('k', 200), new string('k', 300)];

    private static readonly string[] Edges = ["own-par", "own-bos", "own-pek", "own-xxx"];

    private readonly RawResolver _raw = shared.Service.Part<RawResolver>();
    private readonly Resolver _resolver = shared.Service.Part<Resolver>();

    [Fact]
    public void TryResolve_AnyRequest_GivesTheBytesOfTheGeneratedMethod() =>
        Prop.ForAll(Requests(), request => AgreesOn(request.ToByteArray())).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void TryResolve_DamagedRequest_IsLeftOrAnsweredAlike()
    {
        Gen<byte[]> damaged = from request in Requests().Generator
                              from flips in Gen.Choose(0, 4)
                              from at in Gen.Choose(0, 1000).ArrayOf(flips)
                              from value in Gen.Choose(0, 255).ArrayOf(flips)
                              from cut in Gen.Choose(0, 200)
                              select Damage(request.ToByteArray(), at, value, cut);
        Prop.ForAll(damaged.ToArbitrary(), AgreesOn).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Theory]
    [InlineData("192.0.2.7", "", "", "", 0)]
    [InlineData("2001:db8:1::5", "live", "", "session", 16)]
    [InlineData("192.0.2.7", "live.example.net.", "own-par", "", 2)]
    public void TryResolve_RequestInOrder_IsNotLeft(string ip, string service, string exclude, string key, uint count)
    {
        ResolveRequest request = new() { ClientIp = ip, Service = service, SessionKey = key, Count = count };
        if (exclude.Length > 0) request.Exclude.Add(exclude);
        Assert.NotNull(Raw(request.ToByteArray()));
    }

    [Fact]
    public void TryResolve_RequestInPieces_AnswersAlike()
    {
        byte[] bytes = new ResolveRequest { ClientIp = "192.0.2.7", Service = "live", SessionKey = "user-17" }.ToByteArray();
        Piece last = new(bytes.AsMemory(5), null, 5), first = new(bytes.AsMemory(0, 5), last, 0);
        ArrayBufferWriter<byte> response = new();
        Assert.True(_raw.TryResolve(new ReadOnlySequence<byte>(first, 0, last, bytes.Length - 5), response));
        Assert.Equal(Raw(bytes), response.WrittenSpan.ToArray());
    }

    [Fact]
    public void TryResolve_PreparedAnswers_AllocatesNothing()
    {
        ReadOnlySequence<byte>[] requests =
        [
            new(new ResolveRequest { ClientIp = "192.0.2.7", Service = "live" }.ToByteArray()),
            new(new ResolveRequest { ClientIp = "2001:db8:1::5", SessionKey = "user-17", Count = 16 }.ToByteArray()),
            new(new ResolveRequest { ClientSubnet = "192.0.2.0/24", Service = "live.example.net" }.ToByteArray()),
            new(new ResolveRequest { ClientIpBytes = ByteString.CopyFrom(192, 0, 2, 7), Exclude = { "own-bos" } }.ToByteArray()),
            new(new ResolveRequest { RegionId = "US-01" }.ToByteArray()),
        ];
        ArrayBufferWriter<byte> response = new(4096);
        const int Rounds = 2000;
        Assert.Equal(Rounds, Run(Rounds));
        Allocations.AssertNone(Run, Rounds);

        int Run(int rounds)
        {
            int answered = 0;
            for (int i = 0; i < rounds; i++)
            {
                response.ResetWrittenCount();
                answered += _raw.TryResolve(requests[i % requests.Length], response) ? 1 : 0;
            }
            return answered;
        }
    }

    private static Arbitrary<ResolveRequest> Requests()
    {
        Gen<ResolveRequest> clients = Gen.OneOf(
            Gen.Elements(Addresses).Select(static a => new ResolveRequest { ClientIp = a }),
            Gen.Elements(Subnets).Select(static s => new ResolveRequest { ClientSubnet = s }),
            Gen.Elements(Regions).Select(static r => new ResolveRequest { RegionId = r }),
            Gen.Elements(4, 16, 5).SelectMany(static n => Gen.Choose(0, 255).ArrayOf(n)).Select(static b =>
                new ResolveRequest { ClientIpBytes = ByteString.CopyFrom([.. b.Select(static x => (byte)x)]) }),
            Gen.Elements(Addresses).Select(static a => new ResolveRequest { ResolverIp = a }),
            Gen.Constant(new ResolveRequest()));
        return Arb.From(
            from client in clients
            from service in Gen.Elements(Services)
            from key in Gen.Elements(Keys)
            from count in Gen.Choose(0, 20)
            from excluded in Gen.Choose(0, 3).SelectMany(static n => Gen.Elements(Edges).ArrayOf(n))
            select With(client, service, key, count, excluded), Smaller);
    }

    private static ResolveRequest With(ResolveRequest client, string service, string key, int count, string[] excluded)
    {
        ResolveRequest request = client.Clone();
        (request.Service, request.SessionKey, request.Count) = (service, key, (uint)count);
        request.Exclude.Add(excluded);
        return request;
    }

    private static IEnumerable<ResolveRequest> Smaller(ResolveRequest request)
    {
        if (request.Service.Length > 0) yield return new(request) { Service = "" };
        if (request.SessionKey.Length > 0) yield return new(request) { SessionKey = "" };
        if (request.Count > 0) yield return new(request) { Count = 0 };
        if (request.Exclude.Count > 0)
        {
            ResolveRequest fewer = new(request);
            fewer.Exclude.RemoveAt(0);
            yield return fewer;
        }
    }

    private static byte[] Damage(byte[] bytes, int[] at, int[] value, int cut)
    {
        for (int i = 0; i < at.Length && bytes.Length > 0; i++) bytes[at[i] % bytes.Length] = (byte)value[i];
        return cut < bytes.Length && cut < 20 ? bytes[..cut] : bytes;
    }

    private bool AgreesOn(byte[] request) => Raw(request) is not { } raw || Generated(request)!.AsSpan().SequenceEqual(raw);

    private byte[]? Raw(byte[] request)
    {
        ArrayBufferWriter<byte> response = new();
        return _raw.TryResolve(new ReadOnlySequence<byte>(request), response) ? response.WrittenSpan.ToArray() : null;
    }

    private byte[]? Generated(byte[] request)
    {
        try
        {
            return _resolver.Resolve(ResolveRequest.Parser.ParseFrom(request)).ToByteArray();
        }
        catch (Exception e) when (e is RpcException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? next, long before) => (Memory, Next, RunningIndex) = (memory, next, before);
    }
}

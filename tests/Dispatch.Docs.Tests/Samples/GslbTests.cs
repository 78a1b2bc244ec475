using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using Status = Grpc.Core.Status;

namespace TrafficDispatch.Docs.Tests.Samples;

/// <summary>The three GSLB samples do the same: what a DNS server that asks must do about lifetimes, scopes, failures and overload.</summary>
public sealed class GslbTests
{
    public static TheoryData<string> Languages => ["csharp", "python", "node"];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Gslb_AnswerWithScope_IsKeptForItsWholeScope(string language)
    {
        await using ScriptedRouting service = await ScriptedRouting.StartAsync();
        service.Script.Answer = static (r, _) => Reply("own-par", r.ClientSubnet.Contains(':', StringComparison.Ordinal) ? 44u : 20u);
        await using SampleProgram gslb = await SampleProgram.GslbAsync(language, service.Address, keepSeconds: 300);
        Assert.Equal("live 192.0.2.0/24 -> own-par A 198.18.0.1, AAAA 2001:db8::1; ttl 300, scope /20 (asked)", await gslb.AskAsync("live 192.0.2.0/24"));
        Assert.Matches("^live 192.0.3.128/25 -> own-par A 198.18.0.1, AAAA 2001:db8::1; ttl (300|2[0-9]{2}), scope /20 \\(kept\\)$", await gslb.AskAsync("live 192.0.3.128/25"));
        Assert.EndsWith("(asked)", await gslb.AskAsync("vod 192.0.3.0/24"), StringComparison.Ordinal);
        Assert.EndsWith("(asked)", await gslb.AskAsync("live 192.0.16.0/24"), StringComparison.Ordinal);
        // An answer for a part of what was asked stands for what was asked, and not beyond it.
        Assert.EndsWith("(asked)", await gslb.AskAsync("live 10.0.0.0/8"), StringComparison.Ordinal);
        Assert.EndsWith("(kept)", await gslb.AskAsync("live 10.200.0.0/16"), StringComparison.Ordinal);
        Assert.EndsWith("(asked)", await gslb.AskAsync("live 11.0.0.0/8"), StringComparison.Ordinal);
        Assert.EndsWith("(asked)", await gslb.AskAsync("live 2001:db8:1:8000::/56"), StringComparison.Ordinal);
        Assert.EndsWith("(kept)", await gslb.AskAsync("live 2001:db8:f::/48"), StringComparison.Ordinal);
        Assert.EndsWith("(asked)", await gslb.AskAsync("live 2001:db8:10::/48"), StringComparison.Ordinal);
        Assert.Equal(["live 192.0.2.0/24", "vod 192.0.3.0/24", "live 192.0.16.0/24", "live 10.0.0.0/8", "live 11.0.0.0/8", "live 2001:db8:1:8000::/56", "live 2001:db8:10::/48"],
            service.Script.Asked.Select(static r => $"{r.Service} {r.ClientSubnet}"));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Gslb_ServiceIsFull_WaitsAsLongAsItWasTold(string language)
    {
        await using ScriptedRouting service = await ScriptedRouting.StartAsync();
        service.Script.Answer = static (_, _) => Reply("own-par", 24);
        await using SampleProgram gslb = await SampleProgram.GslbAsync(language, service.Address, keepSeconds: 0);
        Assert.EndsWith("(asked)", await gslb.AskAsync("live 192.0.2.0/24"), StringComparison.Ordinal);

        // "At once" is a time to wait like others; without a word it would be a second.
        service.Script.Answer = static (_, context) => throw Full(context, "0");
        Assert.Matches(LastGood("RESOURCE_?EXHAUSTED"), await gslb.AskAsync("live 192.0.2.0/24"));
        service.Script.Answer = static (_, _) => Reply("own-lon", 24);
        Assert.StartsWith("live 192.0.2.0/24 -> own-lon ", await gslb.AskAsync("live 192.0.2.0/24"), StringComparison.Ordinal);

        service.Script.Answer = static (_, context) => throw Full(context, "60000");
        Assert.Matches(LastGood("RESOURCE_?EXHAUSTED"), await gslb.AskAsync("live 192.0.2.0/24"));
        int asked = service.Script.Asked.Count;
        Assert.Matches(LastGood("waiting before the next call"), await gslb.AskAsync("live 192.0.2.0/24"));
        Assert.Equal("live 192.0.3.0/24 -> no answer (waiting before the next call)", await gslb.AskAsync("live 192.0.3.0/24"));
        Assert.Equal(asked, service.Script.Asked.Count);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Gslb_ServiceIsGone_GivesItsLastGoodAnswer(string language)
    {
        await using ScriptedRouting service = await ScriptedRouting.StartAsync();
        service.Script.Answer = static (r, _) => r.Service switch
        {
            "bulk" => new ResolveReply { Ttl = 30, ScopePrefixLen = 24, FallbackHost = "origin.example.net" },
            "none" => new ResolveReply { Ttl = 30, ScopePrefixLen = 24 },
            "wrong" => throw new RpcException(new Status(StatusCode.NotFound, "service is 'wrong'")),
            _ => Reply("own-par", 24),
        };
        await using SampleProgram gslb = await SampleProgram.GslbAsync(language, service.Address, keepSeconds: 0);
        Assert.EndsWith("(asked)", await gslb.AskAsync("live 192.0.2.0/24"), StringComparison.Ordinal);
        Assert.Contains(" -> no edge: CNAME origin.example.net; ttl ", await gslb.AskAsync("bulk 192.0.2.0/24"), StringComparison.Ordinal);
        Assert.Contains(" -> no edge: no records; ttl ", await gslb.AskAsync("none 192.0.2.0/24"), StringComparison.Ordinal);
        Assert.EndsWith("-> refused: service is 'wrong'", await gslb.AskAsync("wrong 192.0.2.0/24"), StringComparison.Ordinal);
        await service.StopAsync();
        Assert.Matches(LastGood("UNAVAILABLE"), await gslb.AskAsync("live 192.0.2.0/24"));
        Assert.StartsWith("live 192.0.3.0/24 -> no answer (", await gslb.AskAsync("live 192.0.3.0/24"), StringComparison.Ordinal);
    }

    // Names of statuses are written as each language writes them.
    private static string LastGood(string why) => $"^live 192.0.2.0/24 -> own-[a-z]+ A 198.18.0.1, AAAA 2001:db8::1; ttl 5, scope /24 \\(last good: (?i:{why})\\)$";

    private static ResolveReply Reply(string edge, uint scope) => new()
    {
        Edges = { new EdgeChoice { Id = edge, Endpoints = { new NodeEndpoint { Type = EndpointType.A, Value = "198.18.0.1" }, new NodeEndpoint { Type = EndpointType.Aaaa, Value = "2001:db8::1" } } } },
        Ttl = 300,
        ScopePrefixLen = scope,
    };

    private static RpcException Full(ServerCallContext context, string pushback)
    {
        context.ResponseTrailers.Add("grpc-retry-pushback-ms", pushback);
        return new RpcException(new Status(StatusCode.ResourceExhausted, "full"));
    }
}

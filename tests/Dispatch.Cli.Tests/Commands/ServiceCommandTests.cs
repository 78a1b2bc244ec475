using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Tests.Commands;

public sealed class ServiceCommandTests : IAsyncLifetime
{
    private FakeService? _service;

    private FakeService Service => _service!;

    public async Task InitializeAsync() => _service = await FakeService.StartAsync();

    public async Task DisposeAsync() => await Service.DisposeAsync();

    [Fact]
    public async Task Resolve_EveryOption_ReachesTheService()
    {
        CliRun run = await CliRun.Of("resolve", "203.0.113.7", "--service", "live", "--session", "@viewer", "--count", "2",
            "--exclude", "own-fra", "--exclude", "own-ams", "--address", Service.Address, "--json");
        Assert.True(run.Code == 0, run.Error);
        ResolveRequest expected = new() { ClientIp = "203.0.113.7", Service = "live", SessionKey = "@viewer", Count = 2, Exclude = { "own-fra", "own-ams" } };
        Assert.Equal(expected, Service.Answers.Resolved);
    }

    [Fact]
    public async Task Resolve_Json_NamesFieldsAsTheProtocolDoes()
    {
        Service.Answers.Resolve = static (_, _) => Task.FromResult(Reply());
        CliRun run = await CliRun.Of("resolve", "--region", "DE-03", "--address", Service.Address, "--json");
        Assert.Equal("DE-03", Service.Answers.Resolved!.RegionId);
        Assert.Equal(new CliRun(0, """
            {"table_epoch":18446744073709551615,"table_version":7,"overlay_version":3,"edges":[{"id":"own-fra","weight":12288,"endpoints":[{"type":"A","value":"198.18.0.1"},{"type":"AAAA","value":"2001:db8::1"}]},{"id":"cdn-ams","weight":0,"endpoints":[{"type":"CNAME","value":"ams.example.net"}]}],"ttl":20,"scope_prefix_len":24,"region_id":"DE-03","reason_code":"ASSIGNED","reason":"the solve sends 75 % of DE-03 here","service":"live","network":null,"fallback_host":null}

            """, ""), run);
    }

    [Fact]
    public async Task Resolve_Text_ShowsEdgesAndReason()
    {
        Service.Answers.Resolve = static (_, _) => Task.FromResult(Reply());
        CliRun run = await CliRun.Of("resolve", "--subnet", "203.0.113.0/24", "--address", Service.Address);
        Assert.Equal(0, run.Code);
        Assert.Equal("203.0.113.0/24", Service.Answers.Resolved!.ClientSubnet);
        foreach (string part in new[] { "| own-fra |", "75.00 %", "backup", "A 198.18.0.1", "reason: the solve sends 75 % of DE-03 here (ASSIGNED)", "holds for: 20 s, scope /24" })
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, 6)]
    [InlineData(StatusCode.ResourceExhausted, 6)]
    [InlineData(StatusCode.Internal, 6)]
    [InlineData(StatusCode.InvalidArgument, 2)]
    [InlineData(StatusCode.NotFound, 2)]
    [InlineData(StatusCode.PermissionDenied, 7)]
    [InlineData(StatusCode.Unauthenticated, 7)]
    public async Task Resolve_ServiceRefuses_ExitsByItsStatus(StatusCode status, int code)
    {
        Service.Answers.Resolve = (_, _) => throw new RpcException(new Grpc.Core.Status(status, "because of the test"));
        CliRun run = await CliRun.Of("resolve", "203.0.113.7", "--address", Service.Address, "--json");
        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.Contains("because of the test", run.Error, StringComparison.Ordinal);
        Assert.Equal(code == 6, run.Error.Contains("hint: where no service runs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resolve_NoAnswerInTime_ExitsSix()
    {
        Service.Answers.Resolve = static async (_, cancellation) =>
        {
            TaskCompletionSource never = new();
            await never.Task.WaitAsync(cancellation);
            return new ResolveReply();
        };
        CliRun run = await CliRun.Of("resolve", "203.0.113.7", "--address", Service.Address, "--timeout", "0.2");
        Assert.Equal((6, ""), (run.Code, run.Output));
        Assert.Contains("gave no answer within 0.2 s", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2.3")]
    [InlineData("203.0.113.7/24")]
    [InlineData("")]
    [InlineData("203.0.113.7", "--region", "DE-03")]
    [InlineData("203.0.113.7", "--count", "17")]
    [InlineData("203.0.113.7", "--count", "0")]
    public async Task Resolve_BadArguments_AskNobody(params string[] arguments)
    {
        CliRun run = await CliRun.Of(["resolve", .. arguments, "--address", Service.Address]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Null(Service.Answers.Resolved);
    }

    [Fact]
    public async Task Status_NobodyListens_ExitsSixWithAHint()
    {
        string address = Service.Address;
        await Service.DisposeAsync();
        CliRun run = await CliRun.Of("status", "--address", address);
        Assert.Equal((6, ""), (run.Code, run.Output));
        Assert.Contains("hint: where no service runs", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AddressInTheEnvironment_IsUsed()
    {
        string address = Service.Address;
        CliRun run = await CliRun.With(t => t with { Variable = name => name == "DISPATCH_ADDRESS" ? address : null }, "status", "--json");
        Assert.Equal(0, run.Code);
        CliRun bad = await CliRun.With(static t => t with { Variable = static _ => "not a url" }, "status");
        Assert.Equal((2, ""), (bad.Code, bad.Output));
    }

    [Theory]
    [InlineData(true, "host:7:a", "host:7:a, role all; leads; heard the store 2 s ago")]
    [InlineData(false, "host:8:b", "host:7:a, role all; host:8:b leads; heard the store 2 s ago")]
    [InlineData(false, "", "host:7:a, role all; nobody leads; heard the store 2 s ago")]
    public async Task Status_ProcessAmongOthers_SaysWhoLeads(bool leads, string leader, string told)
    {
        Service.Answers.Status = () => new StatusReply
        {
            State = "stale",
            Replica = new ReplicaStatus { Role = "all", Name = "host:7:a", Leads = leads, Leader = leader, HeardSecondsAgo = 2.1, Trouble = "Redis is away" },
            Guard = new GuardStatus { State = "holding", Findings = { new GuardFinding { Message = "demand rose", Remedy = "look" } } },
        };
        CliRun text = await CliRun.Of("status", "--address", Service.Address), json = await CliRun.Of("status", "--address", Service.Address, "--json");
        foreach (string part in (string[])[told, "Redis is away", "demand rose; remedy: look"]) Assert.Contains(part, text.Output, StringComparison.Ordinal);
        using JsonDocument read = JsonDocument.Parse(json.Output);
        JsonElement replica = read.RootElement.GetProperty("replica");
        Assert.Equal((leads, "Redis is away", "holding"), (replica.GetProperty("leads").GetBoolean(), replica.GetProperty("trouble").GetString(), read.RootElement.GetProperty("guard_state").GetString()));
    }

    [Fact]
    public async Task Status_Json_HasStateVersionsAndPlans()
    {
        Service.Answers.Status = static () => new StatusReply
        {
            State = "ready",
            TableEpoch = 1,
            TableVersion = 5,
            ContentHash = "ab",
            UtcHour = 16,
            SolveStatus = "optimal",
            Kernel = "network-simplex",
            SolveMs = 12.5,
            CertificateValid = true,
            PublishedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
            TableAgeSeconds = 1.5,
            Optimum = new PlanFigures { DemandMbps = 15_591_770, CostMicroUsdPerHour = 2_500_000, MeanRttUs = 56_133 },
            Regions = 559,
            ProgramVersion = "0.1.0",
        };
        CliRun run = await CliRun.Of("status", "--address", Service.Address, "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement;
        Assert.Equal("ready", root.GetProperty("state").GetString());
        Assert.Equal(5, root.GetProperty("table_version").GetInt32());
        Assert.Equal("1970-01-01T00:00:00.000Z", root.GetProperty("published_at").GetString());
        Assert.Equal(15591.77, root.GetProperty("optimum").GetProperty("demand_gbps").GetDouble());
        Assert.Equal(2.5, root.GetProperty("optimum").GetProperty("cost_usd_per_hour").GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("greedy").ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("last_error").ValueKind);
        CliRun text = await CliRun.Of("status", "--address", Service.Address);
        Assert.Contains("optimal, network-simplex, 12.5 ms, proved", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_Paths_AreRankedWithHops()
    {
        Service.Answers.Route = static _ => new RouteReply
        {
            TableEpoch = 1,
            TableVersion = 2,
            Ttl = 30,
            ReasonCode = ReasonCode.StreamOrigin,
            Reason = "ingested at og-1",
            ExpiresUnixMs = 1_772_625_600_000,
            BitrateKbps = 8_500,
            LastResort = new UpstreamPath { OriginId = "og-1", RttUs = 40_000, WeightUs = 40_000, Depth = 3, LastResort = true },
            Paths = { new UpstreamPath { OriginId = "og-1", RttUs = 12_300, WeightUs = 14_500, Depth = 2, Planned = true, Disjoint = true, Hops = { new Hop { NodeId = "rl-a", RttUs = 2_300 }, new Hop { NodeId = "og-1", RttUs = 10_000 } } } },
        };
        CliRun run = await CliRun.Of("route", "own-fra", "--stream", "live/1", "--count", "2", "--exclude", "rl-b", "--address", Service.Address, "--json");
        Assert.Equal(new CliRun(0, """
            {"table_epoch":1,"table_version":2,"overlay_version":0,"paths":[{"origin_id":"og-1","rtt_ms":12.3,"disjoint":true,"hops":[{"node_id":"rl-a","rtt_ms":2.3,"endpoints":[]},{"node_id":"og-1","rtt_ms":10,"endpoints":[]}],"weight_ms":14.5,"depth":2,"planned":true,"last_resort":false,"current":false}],"ttl":30,"reason_code":"STREAM_ORIGIN","reason":"ingested at og-1","last_resort":{"origin_id":"og-1","rtt_ms":40,"disjoint":false,"hops":[],"weight_ms":40,"depth":3,"planned":false,"last_resort":true,"current":false},"expires":"2026-03-04T12:00:00Z","bitrate_mbps":8.5,"path_version":0}

            """, ""), run);
        Assert.Equal(new RouteRequest { NodeId = "own-fra", StreamKey = "live/1", Count = 2, Exclude = { "rl-b" } }, Service.Answers.Routed);
        CliRun text = await CliRun.Of("route", "own-fra", "--stream", "live/1", "--address", Service.Address);
        foreach (string part in new[] { "rl-a > og-1", "1 (plan)", "last", "14.5" }) Assert.Contains(part, text.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.Of("route", "own-fra", "--address", Service.Address)).Code);
    }

    [Fact]
    public async Task Ingest_Publisher_IsARegionAnAddressOrANode()
    {
        Service.Answers.Ingest = static _ => new IngestReply
        {
            TableEpoch = 1,
            TableVersion = 2,
            Ttl = 30,
            RegionId = "DE-03",
            ReasonCode = ReasonCode.IngestOrigin,
            Reason = "nearest",
            Origins = { new IngestOrigin { Id = "og-2", RttUs = 12_000, WeightUs = 13_500, RoomKbps = 9_500_000 } },
        };
        CliRun run = await CliRun.Of("ingest", "DE-03", "--bitrate-mbps", "8.5", "--count", "1", "--exclude", "og-1", "--address", Service.Address, "--json");
        Assert.Equal(new CliRun(0, """
            {"table_epoch":1,"table_version":2,"overlay_version":0,"origins":[{"id":"og-2","weight_ms":13.5,"rtt_ms":12,"room_mbps":9500}],"ttl":30,"region_id":"DE-03","reason_code":"INGEST_ORIGIN","reason":"nearest"}

            """, ""), run);
        Assert.Equal(new IngestRequest { RegionId = "DE-03", BitrateKbps = 8_500, Count = 1, Exclude = { "og-1" } }, Service.Answers.Published);
        Assert.Contains("| og-2 ", (await CliRun.Of("ingest", "2001:db8::1", "--address", Service.Address)).Output, StringComparison.Ordinal);
        Assert.Equal("2001:db8::1", Service.Answers.Published!.ClientIp);
        Assert.Equal(0, (await CliRun.Of("ingest", "--node", "own-fra", "--address", Service.Address)).Code);
        Assert.Equal("own-fra", Service.Answers.Published!.NodeId);
        Assert.Equal(2, (await CliRun.Of("ingest", "--address", Service.Address)).Code);
        Assert.Equal(2, (await CliRun.Of("ingest", "DE-03", "--node", "own-fra", "--address", Service.Address)).Code);
        Assert.Equal(2, (await CliRun.Of("ingest", "DE-03", "--bitrate-mbps", "2000000", "--address", Service.Address)).Code);
    }

    private static ResolveReply Reply() => new()
    {
        TableEpoch = ulong.MaxValue,
        TableVersion = 7,
        OverlayVersion = 3,
        Ttl = 20,
        ScopePrefixLen = 24,
        RegionId = "DE-03",
        ReasonCode = ReasonCode.Assigned,
        Reason = "the solve sends 75 % of DE-03 here",
        Service = "live",
        Edges =
        {
            new EdgeChoice
            {
                Id = "own-fra", Weight = 12288,
                Endpoints = { new NodeEndpoint { Type = EndpointType.A, Value = "198.18.0.1" }, new NodeEndpoint { Type = EndpointType.Aaaa, Value = "2001:db8::1" } },
            },
            new EdgeChoice { Id = "cdn-ams", Endpoints = { new NodeEndpoint { Type = EndpointType.Cname, Value = "ams.example.net" } } },
        },
    };
}

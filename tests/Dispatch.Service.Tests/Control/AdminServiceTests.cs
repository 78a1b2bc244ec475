using System.Text.Json;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Telemetry;

namespace TrafficDispatch.Service.Tests.Control;

/// <summary>What a person changes, from the call to the answers, the audit and the status.</summary>
public sealed class AdminServiceTests : IDisposable
{
    private const string Viewer = "viewer-0123456789abcdefgh", Operator = "operator-0123456789abcdef", Publisher = "publisher-0123456789abcde";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();
    private readonly string _tokens = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_tokens);
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Drain_AndRestore_HoldWhenTheCallReturns()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        Assert.Equal("own-par", await EdgeOf(service));
        OverridesReply drained = await ana.Drain("own-par", seconds: 600);
        Assert.NotEqual("own-par", await EdgeOf(service));
        NodeOverride said = Assert.Single(drained.Overrides);
        Assert.Equal(("edge", "own-par", "drained", "operator:local", "works", 1u), (said.Target.Kind, said.Target.Id, said.State, said.Source, said.Reason, drained.Changed));
        Assert.Equal(service.Clock.GetUtcNow().AddSeconds(600), said.Until.ToDateTimeOffset());
        Assert.Equal((await service.Status()).OverlayVersion, drained.OverlayVersion);
        Assert.Equal(said, Assert.Single((await ana.Overrides()).Overrides));
        OverridesReply restored = await ana.Restore("own-par");
        Assert.Equal("own-par", await EdgeOf(service));
        Assert.Equal((0, 1u), (restored.Overrides.Count, restored.Changed));
        Assert.Equal(StatusCode.NotFound, (await AdminCaller.Refusal(() => ana.Restore("own-par"))).StatusCode);
    }

    [Theory]
    [InlineData("edge", "nowhere", "", 0, "", 0, StatusCode.NotFound, "there is no edge 'nowhere'")]
    [InlineData("city", "own-par", "", 0, "", 0, StatusCode.InvalidArgument, "kind is 'city'")]
    [InlineData("edge", "", "", 0, "", 0, StatusCode.InvalidArgument, "id must have 1 to 200 characters")]
    [InlineData("edge", "own-par", "gone", 0, "", 0, StatusCode.InvalidArgument, "state must be drained, down or usable")]
    [InlineData("edge", "own-par", "usable", 100, "", 0, StatusCode.InvalidArgument, "usable_percent is 100")]
    [InlineData("edge", "own-par", "down", 5, "", 0, StatusCode.InvalidArgument, "usable_percent is 5")]
    [InlineData("edge", "own-par", "", 0, "long", 0, StatusCode.InvalidArgument, "reason has 1001 characters")]
    [InlineData("edge", "own-par", "", 0, "", 40_000_000, StatusCode.InvalidArgument, "for_seconds is 40000000")]
    public async Task Drain_FaultyRequest_NamesTheFieldAndChangesNothing(string kind, string id, string state, double percent, string reason, ulong seconds, StatusCode code, string message)
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        DrainRequest request = new()
        {
            Targets = { new AdminTarget { Kind = kind, Id = id } },
            State = state,
            UsablePercent = percent,
            Reason = reason == "long" ? new string('x', 1001) : reason,
            ForSeconds = seconds,
        };
        Grpc.Core.Status refusal = await AdminCaller.Refusal(async () => await ana.Client.DrainAsync(request, ana.Headers));
        Assert.Equal(code, refusal.StatusCode);
        Assert.Contains(message, refusal.Detail, StringComparison.Ordinal);
        Assert.Empty((await ana.Overrides()).Overrides);
        Assert.Empty((await ana.History()).Entries);
    }

    [Theory]
    [InlineData(Viewer, StatusCode.PermissionDenied, StatusCode.PermissionDenied, StatusCode.OK)]
    [InlineData(Operator, StatusCode.OK, StatusCode.OK, StatusCode.OK)]
    [InlineData(Publisher, StatusCode.PermissionDenied, StatusCode.OK, StatusCode.OK)]
    [InlineData("nobody-0123456789abcdefgh", StatusCode.Unauthenticated, StatusCode.Unauthenticated, StatusCode.Unauthenticated)]
    public async Task Call_ByRole_IsLetInOrRefused(string token, StatusCode drain, StatusCode freeze, StatusCode list)
    {
        await using TestService service = await StartWithRoles();
        using AdminCaller caller = AdminCaller.With(service, token);
        Assert.Equal(drain, (await AdminCaller.Refusal(() => caller.Drain("own-par"))).StatusCode);
        Assert.Equal(freeze, (await AdminCaller.Refusal(() => caller.Freeze())).StatusCode);
        Assert.Equal(list, (await AdminCaller.Refusal(() => caller.Overrides())).StatusCode);
        Assert.DoesNotContain(service.Log.All, l => l.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_TokenFileChanges_IsInForceWithoutARestartAndAFaultyOneKeepsTheLast()
    {
        await using TestService service = await StartWithRoles();
        using AdminCaller caller = AdminCaller.With(service, "new-0123456789abcdefghijk");
        Assert.Equal(StatusCode.Unauthenticated, (await AdminCaller.Refusal(() => caller.Overrides())).StatusCode);
        await File.WriteAllTextAsync(_tokens, "new viewer new-0123456789abcdefghijk\n");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await caller.Overrides();
        using AdminCaller old = AdminCaller.With(service, Operator);
        Assert.Equal(StatusCode.Unauthenticated, (await AdminCaller.Refusal(() => old.Overrides())).StatusCode);
        await File.WriteAllTextAsync(_tokens, "new viewer\n");
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        await caller.Overrides();
        Assert.Contains(service.Log.All, static l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("line 1 has 2 words", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_ManyWrongTokens_AreExhaustedWhileTheRightOneOfThisMachineStays()
    {
        await using TestService service = await Start();
        using AdminCaller wrong = AdminCaller.With(service, "wrong"), right = AdminCaller.Of(service, _state.Path);
        List<StatusCode> codes = [];
        for (int i = 0; i < 30; i++) codes.Add((await AdminCaller.Refusal(() => wrong.Overrides())).StatusCode);
        Assert.Equal([.. Enumerable.Repeat(StatusCode.Unauthenticated, 10), .. Enumerable.Repeat(StatusCode.ResourceExhausted, 20)], codes);
        await right.Overrides();
        Assert.Single(service.Log.All, static l => l.Contains("is refused to somebody unknown from this machine", StringComparison.Ordinal));
        HistoryEntry told = Assert.Single((await right.History()).Entries);
        Assert.Equal(("refused", "dispatch.v1.Admin/ListOverrides", "this machine"), (told.Result, told.Action, told.From));
        string metrics = await Metrics(service);
        Assert.Contains("dispatch_access_refused_total{cause=\"unauthenticated\"} 10\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dispatch_access_refused_total{cause=\"exhausted\"} 20\n", metrics, StringComparison.Ordinal);
        Assert.Equal("", await Promtool.Check(metrics));
    }

    [Fact]
    public async Task Freeze_WorldChanges_KeepsTheTableUntilItIsTakenBack()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        StatusReply before = await service.Status();
        FreezeReply frozen = await ana.Freeze();
        Assert.Equal((true, true, "operator:local", "match", before.TableVersion), (frozen.Frozen, frozen.Changed, frozen.By, frozen.Reason, frozen.TableVersion));
        MoreDemand();
        await service.NextCycle(Interval);
        StatusReply during = await service.Status();
        Assert.Equal((before.TableVersion, "match", 1ul), (during.TableVersion, during.Freeze.Reason, during.Freeze.CyclesHeldBack));
        Assert.Contains("dispatch_publish_frozen 1\n", await Metrics(service), StringComparison.Ordinal);
        Assert.Contains("operator:local stopped publishing", await Get(service.HttpUrl + "/plain"), StringComparison.Ordinal);
        await ana.Drain("own-par");
        Assert.NotEqual("own-par", await EdgeOf(service));
        await ana.Restore("own-par");
        FreezeReply thawed = await ana.Unfreeze();
        Assert.Equal((false, true), (thawed.Frozen, thawed.Changed));
        Assert.False((await ana.Unfreeze()).Changed);
        await service.NextCycle(Interval);
        StatusReply after = await service.Status();
        Assert.Equal((before.TableVersion + 1, null), (after.TableVersion, after.Freeze));
        Assert.Contains("dispatch_publish_frozen 0\n", await Metrics(service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Freeze_WithATime_EndsByItselfAndOutlivesARestart()
    {
        ManualClock clock = TestService.Morning();
        await using (TestService first = await Start(clock))
        {
            using AdminCaller ana = AdminCaller.Of(first, _state.Path);
            await ana.Freeze(seconds: 420);
        }
        MoreDemand();
        await using TestService service = await Start(clock);
        StatusReply before = await service.Status();
        Assert.Equal("match", before.Freeze.Reason);
        await service.NextCycle(Interval);
        Assert.Equal(before.TableVersion, (await service.Status()).TableVersion);
        await service.NextCycle(Interval);
        Assert.Equal((before.TableVersion + 1, null), ((await service.Status()).TableVersion, (await service.Status()).Freeze));
    }

    [Fact]
    public async Task Change_AuditCannotBeWritten_DoesNotHappen()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        Directory.CreateDirectory(Path.Combine(_state.Path, "audit.jsonl"));
        Grpc.Core.Status refusal = await AdminCaller.Refusal(() => ana.Drain("own-par"));
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        Assert.StartsWith("Nothing was changed: the audit cannot be written", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(("own-par", 0), (await EdgeOf(service), (await ana.Overrides()).Overrides.Count));
    }

    [Fact]
    public async Task Change_Made_IsALineBeforeAndALineAfterInTheAudit()
    {
        await using TestService service = await Start();
        using AdminCaller ana = AdminCaller.Of(service, _state.Path);
        await ana.Drain("own-par");
        JsonElement[] lines = [.. (await File.ReadAllLinesAsync(Path.Combine(_state.Path, "audit.jsonl"))).Select(static l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(["begun", "done"], lines.Select(static l => l.GetProperty("result").GetString()));
        Assert.Equal(lines[0].GetProperty("id").GetString(), lines[1].GetProperty("id").GetString());
        (string Name, string Value)[] wanted =
        [
            ("who", "local"), ("role", "viewer,operator,publisher"), ("on_behalf_of", "ana"), ("from", "this machine"), ("action", "drain"), ("what", "edge:own-par"), ("reason", "works"),
            ("before", service.Holder.Current!.Table.Version.ToString()), ("after", service.Holder.Current.Table.Version.ToString()),
        ];
        Assert.All(wanted, w => Assert.Equal(w.Value, lines[1].GetProperty(w.Name).GetString()));
        HistoryEntry told = Assert.Single((await ana.History()).Entries);
        Assert.Equal(("done", "drain", "ana"), (told.Result, told.Action, told.OnBehalfOf));
    }

    [Fact]
    public async Task Start_TokenOfThisMachine_IsForItsOwnerAloneAndStays()
    {
        string path = Path.Combine(_state.Path, "admin.token");
        string first;
        await using (TestService service = await Start()) first = await File.ReadAllTextAsync(path);
        Assert.Equal(65, first.Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await using TestService again = await Start();
        Assert.Equal(first, await File.ReadAllTextAsync(path));
        Assert.Contains(again.Log.All, static l => l.StartsWith("Warning", StringComparison.Ordinal) && l.Contains("others may read it", StringComparison.Ordinal));
        Assert.DoesNotContain(again.Log.All, l => l.Contains(first.Trim(), StringComparison.Ordinal));
    }

    private static async Task<string> EdgeOf(TestService service) => (await service.Resolve(new() { RegionId = "FR-01", Service = "live" })).Edges[0].Id;

    private static Task<string> Metrics(TestService service) => Get(service.HttpUrl + "/metrics");

    private static async Task<string> Get(string url)
    {
        using HttpClient http = new();
        return await http.GetStringAsync(new Uri(url));
    }

    // What Paris gets another share of, so that the next table says something else.
    private void MoreDemand() => _world.Change("regions.csv", "EU,,10", "EU,,10.5").Save();

    private Task<TestService> StartWithRoles()
    {
        File.WriteAllText(_tokens, $"val viewer {Viewer}\nola operator {Operator}\npia publisher {Publisher}\n");
        return Start(null, $"Admin:TokenFile={_tokens}");
    }

    private Task<TestService> Start(ManualClock? clock = null, params string[] settings) =>
        TestService.StartAsync(_world.Directory, _state.Path, clock, ["Solve:UtcHour=10", "Guard:MovedPercent=off", .. TestService.PlansAlone, .. settings]);
}

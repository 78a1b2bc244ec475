using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using TrafficDispatch.Core.Tests.Table;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Decisions;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Decisions;

/// <summary>What stands in the log, what does not, and that it can be decided again from it.</summary>
public sealed class DecisionLogTests : IDisposable
{
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly StateDirectory _state = new();

    public void Dispose()
    {
        _state.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Log_OfEveryDecision_DecidesAgainAlike()
    {
        await using TestService service = await StartAsync("DecisionLog:OneIn=1");
        ResolveRequest[] requests =
        [
            new() { ClientIp = "192.0.2.201", Service = "live" }, new() { ClientIp = "2001:db8:1::5", Count = 16 }, new() { ClientSubnet = "192.0.2.0/25", Exclude = { "own-par" } },
            new() { RegionId = "US-01", Service = "live" }, new() { ClientIp = "203.0.113.9", SessionKey = "user-17" },
        ];
        List<ResolveReply> replies = [];
        foreach (ResolveRequest request in requests) replies.Add(await service.Resolve(request));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement[] lines = Lines();
        Assert.Equal(requests.Length, lines.Length);
        for (int i = 0; i < lines.Length; i++) AssertTells(service.Holder.Current!.Table, lines[i], replies[i]);
        string text = await File.ReadAllTextAsync(Path.Combine(_state.Path, "decisions.jsonl"));
        foreach (string secret in (string[])["192.0.2.201", "2001:db8:1::5", "203.0.113.9", "user-17"]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Equal("[\"own-par\"]", lines[2].GetProperty("excluded").GetRawText());
        Assert.Equal(StableChoice.Key("user-17"u8).ToString("x16"), lines[4].GetProperty("key").GetString());
        Assert.Equal("live", lines[0].GetProperty("service").GetString());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_state.Path, "decisions.jsonl")));
    }

    /// <summary>Decides again from the table and the line alone.</summary>
    private static void AssertTells(RoutingTable table, JsonElement line, ResolveReply reply)
    {
        Assert.Equal(($"{reply.TableEpoch}.{reply.TableVersion}", reply.OverlayVersion), (line.GetProperty("table").GetString(), line.GetProperty("overlay").GetUInt64()));
        Assert.Equal(reply.ReasonCode.ToString().ToUpperInvariant(), line.GetProperty("reason").GetString()!.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant());
        (string Id, uint Weight)[] told = [.. line.GetProperty("edges").EnumerateArray().Select(static e => (e.GetProperty("id").GetString()!, e.GetProperty("weight").GetUInt32()))];
        Assert.Equal(reply.Edges.Select(static e => (e.Id, e.Weight)), told);
        int service = table.ServiceOrdinal(line.GetProperty("service").GetString());
        ushort[] excluded = line.TryGetProperty("excluded", out JsonElement ids) ? [.. ids.EnumerateArray().Select(e => (ushort)table.EdgeOrdinal(e.GetString()))] : [];
        // The race of the planned edges of the client's region that were not excluded, by what its key comes to; where none is left the next one in order.
        TableEntry entry = table.Entry(service, line.TryGetProperty("region", out JsonElement region) ? table.RegionOrdinal(region.GetString()) : -1);
        ulong[] seeds = [.. entry.Edges.ToArray().Select(e => StableChoice.Seed(table.Content.Edges[e].Id))];
        ushort[] weights = [.. entry.Edges.ToArray().Zip(entry.Weights.ToArray(), (e, w) => excluded.Contains(e) ? (ushort)0 : w)];
        int chosen = weights.Any(static w => w > 0) ? StableChoice.Choose(KeyOf(line), seeds, weights) : Array.FindIndex(entry.Edges.ToArray(), e => !excluded.Contains(e));
        Assert.Equal(told[0].Id, table.Content.Edges[entry.Edges[chosen]].Id);
    }

    private static ulong KeyOf(JsonElement line)
    {
        if (line.TryGetProperty("key", out JsonElement key)) return Convert.ToUInt64(key.GetString(), 16);
        if (!line.TryGetProperty("client", out JsonElement client)) return StableChoice.Key(System.Text.Encoding.UTF8.GetBytes(line.GetProperty("region").GetString()!));
        Assert.True(IpPrefix.TryParse(client.GetString(), out IpPrefix network, out _));
        // docs/reference/stable-choice.md: a byte for the family, then what the granule holds of the address.
        return StableChoice.Key([(byte)(network.Address.IsIPv6 ? 6 : 4), .. network.Address.ToIPAddress().GetAddressBytes()[..(network.Length / 8)]]);
    }

    [Fact]
    public async Task Log_OfAPlayer_HoldsItsDecisionToo()
    {
        await using TestService service = await StartAsync("DecisionLog:OneIn=1");
        using HttpClient http = new();
        Assert.NotEmpty(await http.GetStringAsync(new Uri(service.HttpUrl + "/steering/live")));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement line = Assert.Single(Lines());
        Assert.Equal(("live", "127.0.0.0/24"), (line.GetProperty("service").GetString(), line.GetProperty("client").GetString()));
        Assert.NotEmpty(line.GetProperty("edges").EnumerateArray());
    }

    [Fact]
    public async Task Log_MoreThanASecondMayHold_IsPassedOverAndCounted()
    {
        await using TestService service = await StartAsync("DecisionLog:OneIn=1", "DecisionLog:PerSecond=5");
        for (int i = 0; i < 50; i++) await service.Resolve(new() { ClientIp = "192.0.2.7" });
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, Lines().Length);
        for (int i = 0; i < 3; i++) await service.Resolve(new() { ClientIp = "192.0.2.7" });
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(8, Lines().Length);
        Assert.Equal([8, 45, 0], service.Part<DecisionLog>().Counts().Select(static c => c.Value));
    }

    [Fact]
    public async Task Log_AFileThatCannotBeWritten_IsToldAndCountedAndDisturbsNothing()
    {
        await using TestService service = await StartAsync("DecisionLog:OneIn=1");
        Directory.CreateDirectory(Path.Combine(_state.Path, "decisions.jsonl"));
        Assert.NotEmpty((await service.Resolve(new() { ClientIp = "192.0.2.7" })).Edges);
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(service.Log.All, static l => l.StartsWith("Warning: Decisions cannot be written to", StringComparison.Ordinal));
        Assert.Equal([0, 0, 1], service.Part<DecisionLog>().Counts().Select(static c => c.Value));
        Assert.NotEmpty((await service.Resolve(new() { ClientIp = "192.0.2.7" })).Edges);
    }

    /// <summary>Taking note allocates nothing either, from bytes to bytes.</summary>
    [Fact]
    public async Task TryResolve_WhileTheLogIsOn_AllocatesNothing()
    {
        await using TestService service = await StartAsync("DecisionLog:OneIn=3", "DecisionLog:PerSecond=1000");
        RawResolver raw = service.Part<RawResolver>();
        ReadOnlySequence<byte> request = new(new ResolveRequest { ClientIp = "192.0.2.7", Service = "live" }.ToByteArray());
        ArrayBufferWriter<byte> response = new(4096);
        Allocations.AssertNone(Run, 5000);
        Assert.True(service.Part<DecisionLog>().Counts().Sum(static c => c.Value) > 1000);

        int Run(int rounds)
        {
            int answered = 0;
            for (int i = 0; i < rounds; i++)
            {
                response.ResetWrittenCount();
                answered += raw.TryResolve(request, response) ? 1 : 0;
            }
            return answered;
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 10_000, 10_000)]
    [InlineData(100, 99, 101)]
    public void IsDue_OneInSoMany_OfOneThread(int oneIn, int least, int most)
    {
        int due = 0;
        Thread thread = new(() =>
        {
            DecisionLog log = new(new() { OneIn = oneIn }, TimeProvider.System);
            for (int i = 0; i < 10_000; i++) due += log.IsDue() ? 1 : 0;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(due, least, most);
    }

    [Fact]
    public void Append_FullFiles_KeepsSoManyOfTheNewest()
    {
        DecisionFiles files = new(_state.Path, 10, 3);
        for (int i = 0; i < 7; i++) files.Append([.. "line "u8, (byte)('0' + i), .. "....\n"u8]);
        Assert.Equal([("decisions.1.jsonl", "line 6....\n"), ("decisions.2.jsonl", "line 5....\n")],
            Directory.GetFiles(_state.Path, "decisions*").Order(StringComparer.Ordinal).Select(static f => (Path.GetFileName(f), File.ReadAllText(f))));
        files.Append("short\n"u8);
        Assert.Equal("short\n", File.ReadAllText(files.Path));
    }

    private Task<TestService> StartAsync(params string[] settings) => TestService.StartAsync(_world.Directory, _state.Path, null, ["Solve:UtcHour=20", "Solve:Failures=off", .. settings]);

    private JsonElement[] Lines() =>
        [.. File.ReadAllLines(Path.Combine(_state.Path, "decisions.jsonl")).Select(static l => JsonDocument.Parse(l).RootElement.Clone())];
}

using System.Diagnostics;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Tests.Replicas;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Tests.Health;

/// <summary>A leader and a replica over a real Redis, and vantages that report where a test says; all ended with the test.</summary>
internal sealed class SharedHealth : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(5);
    private static readonly string[] Vantages = ["ams", "nyc", "sin"];

    private readonly TestWorld _world = TestWorld.Small();
    private uint _streak;

    private SharedHealth(RedisServer server) => Server = server;

    public RedisServer Server { get; }

    public RedisSettings Redis => Server.Settings with { Prefix = "health" };

    /// <summary>Leads and answers.</summary>
    public ReplicaProcess A { get; private set; } = null!;

    /// <summary>Answers from what A solves.</summary>
    public ReplicaProcess B { get; private set; } = null!;

    public static async Task<SharedHealth> StartAsync(params string[] settings)
    {
        SharedHealth shared = new(await RedisServer.StartAsync());
        await using (RedisState store = await RedisState.OpenAsync(shared.Redis, 3, TimeProvider.System, default))
            Assert.Equal("", (await store.Worlds.WriteAsync(shared._world.Build(), null, default)).Refusal);
        shared.A = await shared.AddAsync("all", settings);
        shared.B = await shared.AddAsync("serve", settings);
        await shared.A.Until(static s => s.Replica.Leads && s.State == "ready", "A leads");
        await shared.B.Until(static s => s.State == "ready", "B serves");
        return shared;
    }

    // An interval that no test reaches, so that what answers is the overlay and no solve.
    private Task<ReplicaProcess> AddAsync(string role, string[] settings) => ReplicaProcess.StartAsync(
    [
        .. TestService.PlansAlone.Select(static s => "--" + s), $"--Redis:Configuration={Server.Endpoint},callTimeout=1000,connectTimeout=1000", "--Redis:Prefix=health",
        "--Redis:Lease=00:00:03", "--Redis:Poll=00:00:01", "--Solve:Interval=12:00:00", "--Solve:UtcHour=16", "--Health:BadToFall=3", "--Health:MostTakenPercent=100",
        $"--Role={role}", .. settings.Select(static s => "--" + s),
    ]);

    /// <summary>Every vantage tells a process of one probe of each edge.</summary>
    public async Task ReportAsync(ReplicaProcess to, params (string Edge, bool IsGood)[] probes)
    {
        _streak++;
        foreach (string vantage in Vantages)
        {
            using AsyncClientStreamingCall<ProbeReport, ProbeSummary> call = new Probes.ProbesClient(to.Channel).Report();
            foreach ((string edge, bool good) in probes)
                await call.RequestStream.WriteAsync(new ProbeReport { Vantage = vantage, Kind = "edge", Id = edge, Good = good, Number = _streak, Streak = _streak });
            await call.RequestStream.CompleteAsync();
            await call.ResponseAsync;
        }
    }

    /// <summary>Asks until the first edge is as wanted.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> UntilAsync(ReplicaProcess asked, Func<string, bool> isSo, string what)
    {
        long started = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(Pause);
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            if (isSo((await asked.ResolveAsync()).Edges[0].Id)) return Stopwatch.GetElapsedTime(started);
            await timer.WaitForNextTickAsync();
        }
        Assert.Fail($"It did not come to be that {what}. Status: {await asked.StatusAsync()}\n{asked.Process.Output}{asked.Process.Errors}");
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ReplicaProcess? process in (ReplicaProcess?[])[A, B])
            if (process is not null) await process.DisposeAsync();
        await Server.DisposeAsync();
        _world.Dispose();
    }
}

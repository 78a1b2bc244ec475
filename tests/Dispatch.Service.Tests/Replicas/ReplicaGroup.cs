using System.Diagnostics;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Tests.Replicas;

/// <summary>A redis-server, a world in it, and processes that share it; all ended with the test.</summary>
internal sealed class ReplicaGroup : IAsyncDisposable
{
    private readonly TestWorld _world = TestWorld.Small();
    private readonly List<ReplicaProcess> _processes = [];
    private int _ttl = 20;

    private ReplicaGroup(RedisServer server) => Server = server;

    public RedisServer Server { get; }

    /// <summary>What all processes are told: short times, so that tests are.</summary>
    private string[] Settings(string role) =>
    [
        .. TestService.PlansAlone.Select(static s => "--" + s), $"--Redis:Configuration={Server.Endpoint},callTimeout=1000,connectTimeout=1000", "--Redis:Prefix=group",
        "--Redis:Lease=00:00:03", "--Redis:Poll=00:00:01", "--Solve:Interval=00:00:02", "--Solve:UtcHour=16", $"--Role={role}",
    ];

    public static async Task<ReplicaGroup> StartAsync()
    {
        ReplicaGroup group = new(await RedisServer.StartAsync());
        await group.WriteWorldAsync();
        return group;
    }

    /// <summary>Starts a process.</summary>
    public async Task<ReplicaProcess> AddAsync(string role, StateDirectory? state = null)
    {
        ReplicaProcess process = await ReplicaProcess.StartAsync(Settings(role), state);
        _processes.Add(process);
        return process;
    }

    /// <summary>Changes a time to live, which changes the next table, and writes the world as a feed does.</summary>
    public async Task ChangeWorldAsync()
    {
        int last = _ttl++;
        _world.Change("services.csv", $"own,,{last},1", $"own,,{_ttl},1");
        await WriteWorldAsync();
    }

    private async Task WriteWorldAsync()
    {
        await using RedisState store = await RedisState.OpenAsync(Server.Settings with { Prefix = "group" }, 3, TimeProvider.System, default);
        WorldWriting writing = await store.Worlds.WriteAsync(_world.Build(), null, default);
        Assert.Equal("", writing.Refusal);
    }

    /// <summary>Asks a process all the time that it answers, and that its version never falls, until the returned action is called.</summary>
    public static Func<Task<int>> KeepAsking(ReplicaProcess process)
    {
        CancellationTokenSource end = new();
        Task<int> asking = Task.Run(async () =>
        {
            (ulong Epoch, ulong Number) highest = default;
            int asked = 0;
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
            while (!end.IsCancellationRequested)
            {
                ResolveReply reply = await process.ResolveAsync();
                Assert.NotEmpty(reply.Edges);
                Assert.Equal("FR-01", reply.RegionId);
                StatusReply status = await process.StatusAsync();
                Assert.True((status.TableEpoch, status.TableVersion).CompareTo(highest) >= 0, $"{highest} was in force before {status.TableEpoch}.{status.TableVersion}");
                highest = (status.TableEpoch, status.TableVersion);
                asked++;
                await timer.WaitForNextTickAsync();
            }
            return asked;
        });
        return async () =>
        {
            await end.CancelAsync();
            int asked = await asking;
            end.Dispose();
            return asked;
        };
    }

    /// <summary>Writes a measured time where a person who runs the test sees it.</summary>
    public static void Measured(Xunit.Abstractions.ITestOutputHelper output, string what, TimeSpan time) =>
        output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}: {time.TotalMilliseconds:0} ms"));

    public static TimeSpan Since(long started) => Stopwatch.GetElapsedTime(started);

    public async ValueTask DisposeAsync()
    {
        foreach (ReplicaProcess process in _processes) await process.DisposeAsync();
        await Server.DisposeAsync();
        _world.Dispose();
    }
}

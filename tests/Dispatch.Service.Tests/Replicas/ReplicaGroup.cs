using System.Diagnostics;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Tests.Replicas;

/// <summary>A redis-server, a world in it, and processes that share it; all ended with the test.</summary>
internal sealed class ReplicaGroup : IAsyncDisposable
{
    private readonly List<ReplicaProcess> _processes = [];

    private ReplicaGroup(RedisServer server, TestWorld world) => (Server, World) = (server, world);

    public RedisServer Server { get; }

    /// <summary>The world as it was last written, or is about to be.</summary>
    public TestWorld World { get; }

    /// <summary>What answers say of how long they hold: another for each world that <see cref="ChangeWorldAsync"/> writes.</summary>
    public int Ttl { get; private set; } = 20;

    /// <summary>The server's password; null for none.</summary>
    public Secret? Password { get; init; }

    /// <summary>What all processes are told besides; it holds against what they are told anyway.</summary>
    public string[] Also { get; init; } = [];

    /// <summary>What all processes are told: short times, so that tests are.</summary>
    private string[] Settings(string role, string redis) =>
    [
        .. TestService.PlansAlone.Select(static s => "--" + s), $"--Redis:Configuration={redis},callTimeout=1000,connectTimeout=1000", "--Redis:Prefix=group",
        "--Redis:Lease=00:00:03", "--Redis:Poll=00:00:01", "--Solve:Interval=00:00:02", "--Solve:UtcHour=16", $"--Role={role}", .. Also,
    ];

    public static async Task<ReplicaGroup> StartAsync()
    {
        ReplicaGroup group = new(await RedisServer.StartAsync(), TestWorld.Small());
        await group.WriteWorldAsync();
        return group;
    }

    /// <summary>A group around a server of the caller's, which is ended with it; the world is written first.</summary>
    /// <param name="server">The server.</param>
    /// <param name="world">The world; null for the small one.</param>
    /// <param name="password">The server's password; null for none.</param>
    /// <param name="also">What all processes are told besides.</param>
    public static async Task<ReplicaGroup> StartAsync(RedisServer server, TestWorld? world = null, Secret? password = null, params string[] also)
    {
        ReplicaGroup group = new(server, world ?? TestWorld.Small()) { Password = password, Also = also };
        await group.WriteWorldAsync();
        return group;
    }

    /// <summary>Starts a process.</summary>
    /// <param name="role">What it does.</param>
    /// <param name="state">Its folder; null for one of its own.</param>
    /// <param name="redis">Where it finds Redis, and options behind commas; null for the server itself.</param>
    /// <param name="environment">Variables that it is given besides; null for none.</param>
    /// <param name="also">What it alone is told besides.</param>
    public async Task<ReplicaProcess> AddAsync(
        string role, StateDirectory? state = null, string? redis = null, IReadOnlyDictionary<string, string>? environment = null, params string[] also)
    {
        ReplicaProcess process = await ReplicaProcess.StartAsync([.. Settings(role, redis ?? Server.Endpoint), .. also], state, environment);
        lock (_processes) _processes.Add(process);
        return process;
    }

    /// <summary>Changes a time to live, which changes the next table, and writes the world as a feed does.</summary>
    public async Task ChangeWorldAsync()
    {
        int last = Ttl++;
        World.Change("services.csv", $"own,,{last},1", $"own,,{Ttl},1");
        await WriteWorldAsync();
    }

    /// <summary>Writes the world as it is now.</summary>
    public async Task WriteWorldAsync()
    {
        await using RedisState store = await RedisState.OpenAsync(Server.Settings with { Prefix = "group", Password = Password }, 3, TimeProvider.System, default);
        WorldWriting writing = await store.Worlds.WriteAsync(World.Build(), null, default);
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

    /// <summary>The same for a time that is promised. A machine that does other things besides may take a while longer, and that is no fault of the code: what is certain is that
    /// nothing slower than the promised way, such as the next long poll or an operator, brought it about.</summary>
    public static void Measured(Xunit.Abstractions.ITestOutputHelper output, string what, TimeSpan time, TimeSpan promised)
    {
        Measured(output, $"{what} (promised within {promised.TotalSeconds:0} s)", time);
        Assert.InRange(time, TimeSpan.Zero, 15 * promised);
    }

    public static TimeSpan Since(long started) => Stopwatch.GetElapsedTime(started);

    public async ValueTask DisposeAsync()
    {
        foreach (ReplicaProcess process in _processes) await process.DisposeAsync();
        await Server.DisposeAsync();
        World.Dispose();
    }
}

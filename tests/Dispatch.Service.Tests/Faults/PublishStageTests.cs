using System.Diagnostics;
using System.Globalization;
using TrafficDispatch.Service.Tests.Replicas;
using Xunit.Abstractions;

namespace TrafficDispatch.Service.Tests.Faults;

/// <summary>
/// A leader is killed (<c>kill -9</c>) at every step of publishing, each at exactly that step: a proxy before Redis holds the command that the
/// step begins or ends with. Whatever the step, another leads and publishes, and no replica ever sees a torn table or two of one version.
/// </summary>
public sealed class PublishStageTests(ITestOutputHelper output)
{
    // Only a write of rows sets the hour after which a draft is gone; only the publishing script names both the content and the index of versions.
    private const string Content = "{group}:tables:0", Draft = "\r\n3600000\r\n", Highest = "{group}:tables:highest", Confirmed = "{group}:tables:confirmed";
    private const string Version = "$39\r\n", Basis = "{group}:solves:0";
    private static readonly string[] Settings = ["--Redis:Lease=00:00:01", "--Redis:Poll=00:00:01", "--Solve:Interval=00:00:01", "--Solve:Failures=on"];

    private static readonly Step[] Steps =
    [
        new("before the first rows of a table", 1, false, Content, Draft),
        new("between rows of a table", 2, false, Content, Draft),
        new("with all rows written, before it is published", 1, false, Content, Highest),
        new("once it is published, before it knows", 1, true, Content, Highest),
        new("once it is published, before it is confirmed and on its own disk", 1, false, Confirmed, Version),
        new("once it is confirmed, before it is on its own disk", 1, true, Confirmed, Version),
        new("before the starting point is archived", 1, false, Basis),
        new("with the plan in force, before its failovers are written", 3, false, Content, Draft),
        new("with the failovers written, before they are published", 2, false, Content, Highest),
        new("once the failovers are published, before it knows", 2, true, Content, Highest),
    ];

    [Fact]
    public async Task Leader_IsKilledAtEachStepOfPublishing_AnotherPublishesAndNoVersionMeansTwoThings()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync(), LargeTable(), null, Settings);
        await using FaultProxy one = FaultProxy.Before(group.Server), other = FaultProxy.Before(group.Server), third = FaultProxy.Before(group.Server);
        FaultProxy[] proxies = [one, other, third];
        using StateDirectory first = new(), second = new(), last = new();
        StateDirectory[] states = [first, second, last];
        ReplicaProcess[] solvers = [await group.AddAsync("all", states[0], one.Endpoint), null!, null!];
        await solvers[0].Until(static s => s.Replica.Leads && s.State == "ready", "the first leads");
        ReplicaProcess replica = await group.AddAsync("serve");
        for (int i = 1; i < solvers.Length; i++) solvers[i] = await group.AddAsync("all", states[i], proxies[i].Endpoint);
        TableWitness witness = await TableWitness.OfAsync([.. solvers, replica]);
        Task back = Task.CompletedTask;
        Assert.True(RowsOfTheTable(group.Server) > 2, "a table is to take more than one write");
        foreach (Step step in Steps)
        {
            int caught = await CaughtAsync(group, proxies, step);
            string name = (await solvers[caught].StatusAsync()).Replica.Name;
            await witness.LeaveAsync(solvers[caught]);
            await solvers[caught].Process.KillAsync();
            long killed = Stopwatch.GetTimestamp();
            proxies[caught].ResetAll();
            foreach (FaultProxy proxy in proxies) proxy.Pass();
            // The one killed before is back by now, or comes back meanwhile: somebody always stands by.
            await back;
            back = ComesBackAsync(caught);
            await replica.Until(s => s.Replica.Leader.Length > 0 && s.Replica.Leader != name, $"another leads after {step}");
            TimeSpan took = ReplicaGroup.Since(killed);
            await Serves(replica, (uint)group.Ttl, step);
            ReplicaGroup.Measured(output, string.Create(CultureInfo.InvariantCulture, $"leader killed {step}, lease 1 s: another leads after {took.TotalMilliseconds:0} ms, a replica serves its table after"), ReplicaGroup.Since(killed));
        }
        await back;
        Assert.True(witness.Versions > Steps.Length);
        await witness.EndAsync();

        async Task ComesBackAsync(int solver)
        {
            solvers[solver] = await group.AddAsync("all", states[solver], proxies[solver].Endpoint);
            await solvers[solver].Until(static s => s.State == "ready", "it is back");
            witness.Watch(solvers[solver]);
        }
    }

    /// <summary>The way to Redis of a leader is cut when all but the publishing script has passed; it passes when another has led and published for a while.</summary>
    [Fact]
    public async Task Leader_ItsPublishArrivesWhenAnotherLeads_ChangesNothing()
    {
        await using ReplicaGroup group = await ReplicaGroup.StartAsync(await RedisServer.StartAsync(), null, null, Settings);
        await using FaultProxy way = FaultProxy.Before(group.Server);
        ReplicaProcess old = await group.AddAsync("all", redis: way.Endpoint);
        await old.Until(static s => s.Replica.Leads && s.State == "ready", "it leads");
        (ReplicaProcess other, ReplicaProcess replica) = (await group.AddAsync("all"), await group.AddAsync("serve"));
        TableWitness witness = await TableWitness.OfAsync(old, other, replica);
        Task caught = way.Catch(Steps[2]);
        await group.ChangeWorldAsync();
        await caught.WaitAsync(TimeSpan.FromMinutes(1));
        await other.Until(static s => s.Replica.Leads && s.State == "ready", "another leads");
        await group.ChangeWorldAsync();
        await Serves(replica, (uint)group.Ttl, Steps[2]);
        long released = Stopwatch.GetTimestamp();
        way.Pass();
        await old.Until(async s => !s.Replica.Leads && s.State == "ready" && (await old.ResolveAsync()).Ttl == (uint)group.Ttl, "the old one follows");
        ReplicaGroup.Measured(output, "a former leader's publish arrives late and is refused: it follows", ReplicaGroup.Since(released));
        Assert.Equal(1, RedisConsole.Run(group.Server, "HVALS", "{group}:tables").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static entry => entry.Split(' ')[0]).Distinct(StringComparer.Ordinal).Count(token => token == RedisConsole.Run(group.Server, "HGET", "{group}:lease", "token").Trim()));
        await witness.EndAsync();
    }

    /// <summary>Changes the world and waits until whoever leads is at the step.</summary>
    /// <returns>Which of the solvers it is.</returns>
    private static async Task<int> CaughtAsync(ReplicaGroup group, FaultProxy[] proxies, Step step)
    {
        Task[] caught = [.. proxies.Select(p => p.Catch(step))];
        await group.ChangeWorldAsync();
        Task done = await Task.WhenAny(caught).WaitAsync(TimeSpan.FromMinutes(1));
        return Array.IndexOf(caught, done);
    }

    private static int RowsOfTheTable(RedisServer server)
    {
        string[] listed = RedisConsole.Run(server, "HVALS", "{group}:tables").Split('\n');
        return int.Parse(listed[0].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a replica answers from the world as it is now, and knows it to be right.</summary>
    private static async Task Serves(ReplicaProcess replica, uint ttl, Step step) =>
        await replica.Until(async s => s.State == "ready" && (await replica.ResolveAsync()).Ttl == ttl, $"it serves the changed world ({ttl} s) after {step}");

    /// <summary>Streams with names so long that a table takes several writes, which is cheaper to make than so many regions.</summary>
    private static TestWorld LargeTable() => TestWorld.Small().With("streams.csv",
        ["stream,origin_id,bitrate_mbps", .. Enumerable.Range(0, 6000).Select(static i => string.Create(CultureInfo.InvariantCulture, $"s{i:D190},og-par,0.001"))]);
}

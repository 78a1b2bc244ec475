using Google.Protobuf;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Hands on what edges carry by their load reports to the one that has edges give clients away, once a second at most. Whoever may lead has the loads in
/// its own book; the leader tells those that only answer.
/// </summary>
internal sealed class LoadRelay(FoldLoop loop, SampleFolder folder, HealthDesk desk, StateDoor door, ILeadership leadership, TimeProvider time) : IHostedService
{
    /// <summary>The channel of broadcasts.</summary>
    public const string ChannelName = "edge-loads";

    private const int EdgesAMessage = 400;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        loop.Folded += Pass;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        loop.Folded -= Pass;
        return Task.CompletedTask;
    }

    // On the loop's thread. A clock that falls back must not silence the loads.
    private void Pass(object? sender, EventArgs e)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (folder.World is not { } world || now - _last < Interval && now >= _last) return;
        _last = now;
        EdgeLoad[] loads = [.. folder.EdgeLoads().Select(load => new EdgeLoad(load.Key, load.Value, CapacityMbps(world, load.Key)))];
        desk.Take(loads);
        if (door.IsShared && leadership.Token is not null)
            foreach (EdgeLoad[] some in loads.Chunk(EdgesAMessage)) Tell(some);
    }

    private void Tell(EdgeLoad[] loads)
    {
        EdgeLoadNotice notice = new();
        notice.Edges.Add(loads.Select(static l => new EdgeLoadOf { EdgeId = l.EdgeId, Mbps = l.CarriedMbps, CapacityMbps = l.CapacityMbps }));
        try
        {
            door.Store.Broadcasts.SendAsync(ChannelName, notice.ToByteArray(), leadership.TermEnds).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // Said again with the next load reports; that the store is away the loop itself says.
            return;
        }
    }

    private static double CapacityMbps(World world, string edge)
    {
        int at = world.EdgeOrdinal(edge);
        return at < 0 ? 0 : world.Edges[at].Capacity.Value * world.Health.Of(world.Edges[at]).Factor * 1000;
    }
}

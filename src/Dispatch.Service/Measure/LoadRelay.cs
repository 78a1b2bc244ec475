using TrafficDispatch.Model;
using TrafficDispatch.Service.Health;

namespace TrafficDispatch.Service.Measure;

/// <summary>Hands on what edges carry by their load reports to the one that has edges give clients away, once a second at most.</summary>
internal sealed class LoadRelay(FoldLoop loop, SampleFolder folder, HealthDesk desk, TimeProvider time) : IHostedService
{
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
        desk.Take([.. folder.EdgeLoads().Select(load => new EdgeLoad(load.Key, load.Value, CapacityMbps(world, load.Key)))]);
    }

    private static double CapacityMbps(World world, string edge)
    {
        int at = world.EdgeOrdinal(edge);
        return at < 0 ? 0 : world.Edges[at].Capacity.Value * world.Health.Of(world.Edges[at]).Factor * 1000;
    }
}

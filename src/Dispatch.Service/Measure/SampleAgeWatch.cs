using TrafficDispatch.Measure;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Measure;

/// <summary>Tells how old samples were when the table that was solved with them came into force. Its own look is a comparison; it never blocks a swap.</summary>
internal sealed class SampleAgeWatch(TableHolder holder, TelemetryBoard board, TimeProvider time) : IHostedService
{
    private PlanSummary? _plan;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        holder.Swapped += Look;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        holder.Swapped -= Look;
        return Task.CompletedTask;
    }

    // A plan of its own has only a table that was made or confirmed by a solve here; failovers keep theirs.
    private void Look(object? sender, EventArgs e)
    {
        PlanSummary? plan = holder.Current?.Plan;
        if (plan is null || ReferenceEquals(Interlocked.Exchange(ref _plan, plan), plan) || board.Made is not { Facts.Ages: { Newest: { } } ages } made) return;
        TimeSpan since = time.GetUtcNow() - made.At;
        board.Note(new SampleAges(ages.Newest + since, ages.Median + since, ages.NewMedian + since));
    }
}

using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Folds batches on a thread of its own, below serving in priority: reads, folds, then acknowledges, so that a batch which this process dies
/// on comes again. Batches that another consumer took and left are taken over.
/// </summary>
internal sealed class FoldLoop : IHostedService, IDisposable
{
    private const int AtOnce = 64;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1), ClaimInterval = TimeSpan.FromSeconds(10), Left = TimeSpan.FromSeconds(30);

    private readonly ISampleLog _log;
    private readonly SampleFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<FoldLoop> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly string _consumer = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}");
    private DateTimeOffset _claimed = DateTimeOffset.MinValue;
    private bool _isTroubled;

    /// <summary>Makes the loop; <see cref="StartAsync"/> starts it.</summary>
    public FoldLoop(ISampleLog log, SampleFolder folder, TimeProvider time, ILogger<FoldLoop> logger)
    {
        (_log, _folder, _time, _logger) = (log, folder, time, logger);
        _thread = new Thread(Run) { Name = "fold", IsBackground = true };
    }

    /// <summary>Raised after batches were folded and told of, on the loop's thread.</summary>
    public event EventHandler? Folded;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Ends after the batches at hand.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_thread.IsAlive) await Task.Run(_thread.Join, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    // The thread is the loop's own, for the sake of its priority: it waits for the store's answers where it stands.
    private void Run()
    {
        if (!SolverPriority.Lower(out int error)) MeasureLog.NormalPriority(_logger, error);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!FoldSome()) Wait(_log.WaitAsync(LongestWait, _stop.Token));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException e)
            {
                Trouble(e);
            }
        }
    }

    private bool FoldSome()
    {
        if (_folder.World is null) return false;
        ImmutableArray<SampleEntry> entries = Claim();
        if (entries.IsEmpty) entries = Wait(_log.ReadAsync(_consumer, AtOnce, _stop.Token));
        if (entries.IsEmpty) return false;
        foreach (SampleEntry entry in entries) _folder.TryFold(entry.Payload);
        Wait(_log.AcknowledgeAsync([.. entries.Select(static e => e.Id)], _stop.Token));
        SampleLogReport report = Wait(_log.ReportAsync(_stop.Token));
        _folder.Tell(report.Backlog, report.Dropped, "");
        if (_isTroubled) MeasureLog.Recovered(_logger, report.Backlog);
        _isTroubled = false;
        Folded?.Invoke(this, EventArgs.Empty);
        return true;
    }

    private ImmutableArray<SampleEntry> Claim()
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (now - _claimed < ClaimInterval && now >= _claimed) return [];
        _claimed = now;
        return Wait(_log.ClaimAsync(_consumer, Left, AtOnce, _stop.Token));
    }

    private void Trouble(StoreUnavailableException e)
    {
        if (!_isTroubled) MeasureLog.Unavailable(_logger, e.Message);
        _isTroubled = true;
        _folder.Tell(0, 0, e.Message);
        _stop.Token.WaitHandle.WaitOne(LongestWait);
    }

    private static T Wait<T>(Task<T> answer) => answer.GetAwaiter().GetResult();

    private static void Wait(Task answer) => answer.GetAwaiter().GetResult();
}

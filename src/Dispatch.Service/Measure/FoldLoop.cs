using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>Folds batches on a thread of its own, below serving in priority, and goes on when a store that was away is back.</summary>
internal sealed class FoldLoop : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1), LongestEnd = TimeSpan.FromSeconds(5);

    private readonly ISampleLog _log;
    private readonly IFolding _folding;
    private readonly TelemetryBoard _board;
    private readonly ILogger<FoldLoop> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private bool _isTroubled;

    /// <summary>Makes the loop; <see cref="StartAsync"/> starts it.</summary>
    public FoldLoop(ISampleLog log, IFolding folding, TelemetryBoard board, ILogger<FoldLoop> logger)
    {
        (_log, _folding, _board, _logger) = (log, folding, board, logger);
        _thread = new Thread(Run) { Name = "fold", IsBackground = true };
    }

    /// <summary>Raised after batches or parts were folded and told of, on the loop's thread.</summary>
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
        // On a thread of its own: the pool may have more to do than it gets to before the time is over.
        if (_thread.IsAlive) await Task.Factory.StartNew(_thread.Join, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancellationToken);
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
                if (!Step()) _log.WaitAsync(LongestWait, _stop.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (StoreUnavailableException e)
            {
                Trouble(e);
            }
        }
        End();
    }

    private bool Step()
    {
        bool isNews = _folding.Step(_stop.Token);
        if (_isTroubled)
        {
            _board.Note(_board.Summary with { LastError = "" });
            MeasureLog.Recovered(_logger, _board.Summary.Backlog);
        }
        _isTroubled = false;
        if (isNews) Folded?.Invoke(this, EventArgs.Empty);
        return isNews;
    }

    private void Trouble(StoreUnavailableException e)
    {
        if (!_isTroubled) MeasureLog.Unavailable(_logger, e.Message);
        _isTroubled = true;
        _folding.Stumble();
        _board.Note(_board.Summary with { LastError = e.Message });
        _stop.Token.WaitHandle.WaitOne(LongestWait);
    }

    private void End()
    {
        using CancellationTokenSource patience = new(LongestEnd);
        try
        {
            _folding.End(patience.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // What is not stored is folded by another, or lost with the log of this process.
            MeasureLog.NotEnded(_logger, e.Message);
        }
    }
}

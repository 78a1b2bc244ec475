using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Publish;

/// <summary>
/// Takes the lease on solving where nobody has it, and keeps it on a timer of its own, so that a long solve does not lose it. Thread-safe.
/// </summary>
/// <remarks>
/// The lease is taken to end when its length has passed since the last renewal was <em>sent</em>, by this machine's monotonic clock, which
/// goes on while the process is stopped: the process stops publishing before another may begin, and the store refuses it afterwards.
/// </remarks>
internal sealed class Leadership : ILeadership, IHostedService, IDisposable
{
    private const int RenewalsPerLease = 4;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly CancellationToken NoTerm = new(canceled: true);

    private readonly StateDoor _door;
    private readonly TableHolder _holder;
    private readonly TimeProvider _time;
    private readonly ILogger<Leadership> _logger;
    private readonly TimeSpan _length;
    private readonly bool _takesPart;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private Term? _term;
    private string _trouble = "";

    /// <summary>Makes the part; nothing runs before <see cref="StartAsync"/>.</summary>
    public Leadership(StateDoor door, ServiceSettings settings, TableHolder holder, TimeProvider time, ILogger<Leadership> logger)
    {
        (_door, _holder, _time, _logger) = (door, holder, time, logger);
        (_length, _takesPart) = (settings.Shared?.Lease ?? TimeSpan.FromSeconds(10), settings.Role is Role.All or Role.Solve);
        Name = NameOfProcess();
    }

    /// <summary>What this process is called as a holder: unique among processes, also those of the same name and number on other machines.</summary>
    public string Name { get; }

    /// <summary>Raised when a term begins, on a thread of the pool.</summary>
    public event EventHandler? Began;

    /// <inheritdoc/>
    public FencingToken? Token => Running?.Token;

    /// <inheritdoc/>
    public CancellationToken TermEnds => Running?.Ended.Token ?? NoTerm;

    /// <inheritdoc/>
    public string Trouble => Volatile.Read(ref _trouble);

    private Term? Running => Volatile.Read(ref _term) is { } term && !term.IsOver(_time) ? term : null;

    /// <summary>A folder of one's own gives the lease at once; Redis is not waited for.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_takesPart) return;
        _timer = _time.CreateTimer(static o => _ = ((Leadership)o!).LookAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_door.IsShared) _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        else await LookAsync();
    }

    /// <summary>Gives the lease back, so that another leads at once.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_timer is { } timer) await timer.DisposeAsync();
        if (End() is not { } term) return;
        try
        {
            await _door.Store.Lease.ReleaseAsync(term.Token, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            ShareLog.NotReleased(_logger, e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _stop.Dispose();
        _looking.Dispose();
    }

    /// <inheritdoc/>
    public void StepDown(FencingToken token)
    {
        if (Volatile.Read(ref _term)?.Token != token || End() is null) return;
        _holder.Note(static r => r with { Fenced = r.Fenced + 1 });
        ShareLog.Fenced(_logger, token.Number);
    }

    /// <summary>Renews the lease, or tries to take it, and says when to look again. Never throws.</summary>
    internal async Task LookAsync()
    {
        if (!await _looking.WaitAsync(TimeSpan.Zero)) return;
        TimeSpan next = LongestWait;
        try
        {
            next = Volatile.Read(ref _term) is { } term ? await RenewAsync(term) : await TakeAsync();
            Volatile.Write(ref _trouble, "");
        }
        catch (StoreUnavailableException e)
        {
            Volatile.Write(ref _trouble, e.Message);
            // Until it ends by our own clock the term goes on: the store may be back before.
            if (Volatile.Read(ref _term) is { } term && term.IsOver(_time) && End() is not null) ShareLog.Lost(_logger, term.Token.Number, e.Message);
        }
        catch (OperationCanceledException)
        {
            next = Timeout.InfiniteTimeSpan;
        }
        finally
        {
            _looking.Release();
        }
        if (!_stop.IsCancellationRequested) _timer?.Change(next, Timeout.InfiniteTimeSpan);
    }

    private async Task<TimeSpan> TakeAsync()
    {
        long sent = _time.GetTimestamp();
        LeaseGrant grant = await _door.Store.Lease.AcquireAsync(Name, _length, _stop.Token);
        if (grant.Token is not { } token) return grant.Left < LongestWait ? grant.Left + TimeSpan.FromMilliseconds(1) : LongestWait;
        bool ends = grant.Left != Timeout.InfiniteTimeSpan;
        lock (_gate) _term = new Term(token, ends ? sent : null, _length);
        _holder.Note(r => r with { Leads = true, Leader = Name, Terms = r.Terms + 1 });
        if (_door.IsShared) ShareLog.Leads(_logger, token.Number, _length);
        Began?.Invoke(this, EventArgs.Empty);
        return ends ? _length / RenewalsPerLease : Timeout.InfiniteTimeSpan;
    }

    private async Task<TimeSpan> RenewAsync(Term term)
    {
        long sent = _time.GetTimestamp();
        if (!term.IsOver(_time) && await _door.Store.Lease.RenewAsync(term.Token, _length, _stop.Token))
        {
            term.Renew(sent);
            return _length / RenewalsPerLease;
        }
        if (End() is not null) ShareLog.Lost(_logger, term.Token.Number, "it ended before it was renewed");
        return TimeSpan.FromMilliseconds(1);
    }

    private Term? End()
    {
        Term? ended;
        lock (_gate) (ended, _term) = (_term, null);
        if (ended is null) return null;
        _holder.Note(static r => r with { Leads = false, Leader = "" });
        ended.Ended.Cancel();
        return ended;
    }

    private static string NameOfProcess() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>A lease that was granted.</summary>
    private sealed class Term(FencingToken token, long? sent, TimeSpan length)
    {
        private readonly bool _ends = sent is not null;
        private long _sent = sent ?? 0;

        public FencingToken Token => token;

        /// <summary>Never disposed: whoever still solves for this term may hold its token.</summary>
        public CancellationTokenSource Ended { get; } = new();

        public bool IsOver(TimeProvider time) => _ends && time.GetElapsedTime(Interlocked.Read(ref _sent)) >= length;

        public void Renew(long at) => Interlocked.Exchange(ref _sent, at);
    }
}

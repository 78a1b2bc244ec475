namespace TrafficDispatch.Service.Overload;

/// <summary>
/// Measures how long work waits for a processor: puts a piece of its own into the thread pool's queue, where every call waits, and looks how long
/// it takes until it runs. It does so on a thread that is not the pool's, and so knows of a wait while it lasts. Thread-safe.
/// </summary>
/// <remarks>The rule that delay, not length, tells of too much work, and that a short spike does not, is CoDel's (RFC 8289, 3).</remarks>
internal sealed class QueueProbe : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Time between two looks while there is little to see. Twenty a second are lost among the calls even where those come one by one.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(10);

    private readonly Shedding _shedding;
    private readonly TimeProvider _time;
    private readonly Action<IThreadPoolWorkItem> _queue;
    private readonly ManualResetEventSlim _ended = new(initialState: false);
    private long _begun, _delayTicks, _before;
    private bool _waits;

    /// <summary>Makes a probe.</summary>
    /// <param name="shedding">What is told of delays.</param>
    /// <param name="queue">Puts work where calls wait.</param>
    /// <param name="time">The clock.</param>
    public QueueProbe(Shedding shedding, Action<IThreadPoolWorkItem> queue, TimeProvider time) => (_shedding, _queue, _time) = (shedding, queue, time);

    /// <summary>How long work waits as last measured, or has waited already where that is longer.</summary>
    public TimeSpan Delay => TimeSpan.FromTicks(Volatile.Read(ref _delayTicks));

    /// <summary>Looks again and again until disposed, on a thread of its own.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "queue probe", Priority = ThreadPriority.Highest }.Start();

    /// <summary>Looks once: begins a wait, or notes how long the one that has begun lasts by now.</summary>
    public void Look()
    {
        if (Volatile.Read(ref _waits))
        {
            Note(_time.GetElapsedTime(_begun));
            return;
        }
        _before = Volatile.Read(ref _delayTicks);
        _begun = _time.GetTimestamp();
        Volatile.Write(ref _waits, true);
        _queue(this);
    }

    /// <summary>The piece of work.</summary>
    public void Execute()
    {
        Note(_time.GetElapsedTime(_begun));
        Volatile.Write(ref _waits, false);
    }

    /// <inheritdoc/>
    public void Dispose() => _ended.Set();

    private void Note(TimeSpan delay)
    {
        Volatile.Write(ref _delayTicks, delay.Ticks);
        _shedding.Heed(TimeSpan.FromTicks(_before), delay);
    }

    private void Run()
    {
        while (!_ended.Wait(Volatile.Read(ref _waits) || _shedding.Share > 0 ? Busy : Calm)) Look();
    }
}

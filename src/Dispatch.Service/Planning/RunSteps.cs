using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Planning;

/// <summary>Counts the steps of a run and tells how far it is. Thread-safe.</summary>
internal sealed class RunSteps(WhatIfOutbox outbox, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private int _done, _of, _cases, _faulty;

    /// <summary>Steps done.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Steps known of.</summary>
    public int Of => Volatile.Read(ref _of);

    /// <summary>Since the run began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Adds steps to come.</summary>
    public void Expect(int steps) => Interlocked.Add(ref _of, steps);

    /// <summary>Counts steps that are done, and says so.</summary>
    public void Did(int steps, string what)
    {
        Interlocked.Add(ref _done, steps);
        Say(what);
    }

    /// <summary>Counts a case.</summary>
    public void Tried(bool isFaulty)
    {
        Interlocked.Increment(ref _cases);
        if (isFaulty) Interlocked.Increment(ref _faulty);
    }

    /// <summary>Says what is being done.</summary>
    public void Say(string what) => outbox.Tell(new() { Done = (uint)Done, Of = (uint)Math.Max(Done, Of), What = what, ElapsedMs = (ulong)Elapsed.TotalMilliseconds });

    /// <summary>The last message.</summary>
    public WhatIfDone End(WhatIfEnd end) => new()
    {
        End = end,
        ElapsedMs = (ulong)Elapsed.TotalMilliseconds,
        Cases = (uint)Volatile.Read(ref _cases),
        FaultyCases = (uint)Volatile.Read(ref _faulty),
    };
}

using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Service.Planning;

/// <summary>Who runs and who waits, first come first served, both bounded. Thread-safe.</summary>
internal sealed class RunLine(PlannerSettings settings)
{
    private readonly Lock _gate = new();
    private readonly List<RunTicket> _waiting = [];
    private int _running;

    /// <summary>Runs now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Takes a place: to run where one is free and nobody waits, else in the line.</summary>
    /// <returns>False where the line is full.</returns>
    public bool TryJoin([NotNullWhen(true)] out RunTicket? ticket)
    {
        lock (_gate)
        {
            ticket = null;
            bool runs = _running < settings.Runs;
            // Where nobody may run nobody would ever leave.
            if (!runs && (settings.Runs == 0 || _waiting.Count >= settings.Queue)) return false;
            ticket = new(runs ? 0 : _waiting.Count + 1);
            if (runs) _running++;
            else _waiting.Add(ticket);
            return true;
        }
    }

    /// <summary>Gives the place back, wherever it is; those behind move up.</summary>
    public void Leave(RunTicket ticket)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(ticket))
            {
                if (_waiting.Count == 0)
                {
                    _running--;
                    return;
                }
                // The place to run goes to the next as it is: nobody slips in between.
                _waiting[0].Move(0);
                _waiting.RemoveAt(0);
            }
            for (int i = 0; i < _waiting.Count; i++) _waiting[i].Move(i + 1);
        }
    }
}

/// <summary>A place in the line. Thread-safe.</summary>
internal sealed class RunTicket(int place)
{
    private int _place = place;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>0 where it runs, 1 for the next in the line.</summary>
    public int Place => Volatile.Read(ref _place);

    /// <summary>Ends when the place changes. Take it before looking.</summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>Moves up.</summary>
    internal void Move(int place)
    {
        if (_place == place) return;
        Volatile.Write(ref _place, place);
        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}

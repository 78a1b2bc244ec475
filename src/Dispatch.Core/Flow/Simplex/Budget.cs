namespace TrafficDispatch.Flow.Simplex;

/// <summary>Watches the limits of one solve. Pivots are counted one by one; clock and token are looked at every 16,
/// so that even pivots that price all of three million arcs notice within a tenth of a second.</summary>
internal sealed class Budget
{
    private const long LookEvery = 16;

    private FlowOptions _options;
    private CancellationToken _token;
    private long _started;

    /// <summary>Starts the clock.</summary>
    public Budget(FlowOptions options, CancellationToken token)
    {
        _options = options;
        Restart(options, token);
    }

    /// <summary>Pivots spent.</summary>
    public long Pivots { get; private set; }

    /// <summary>What ended the budget, in words; empty while it lasts.</summary>
    public string Cause { get; private set; } = "";

    /// <summary>Starts over with other limits.</summary>
    public void Restart(FlowOptions options, CancellationToken token)
    {
        (_options, _token, Pivots, Cause) = (options, token, 0, "");
        _started = options.Clock.GetTimestamp();
    }

    /// <summary>Spends a pivot; false when there is none left.</summary>
    public bool Spend()
    {
        if (Pivots >= _options.MaxPivots)
        {
            Cause = $"the limit of {_options.MaxPivots} pivots was reached";
            return false;
        }

        return Pivots++ % LookEvery != 0 || Lasts();
    }

    /// <summary>Looks at token and clock.</summary>
    public bool Lasts()
    {
        if (_token.IsCancellationRequested) Cause = $"the solve was cancelled after {Pivots} pivots";
        else if (_options.Clock.GetElapsedTime(_started) > _options.TimeLimit)
            Cause = $"the time limit of {_options.TimeLimit} passed after {Pivots} pivots";
        return Cause.Length == 0;
    }
}

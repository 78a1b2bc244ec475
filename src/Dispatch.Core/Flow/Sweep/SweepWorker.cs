using System.Diagnostics;

namespace TrafficDispatch.Flow;

/// <summary>One thread's part of a sweep: a fork of the session that tries cases and goes back.</summary>
internal sealed class SweepWorker
{
    private readonly FlowSession _session;
    private readonly FlowMark _start;
    private readonly SweepOptions _options;
    private readonly int[] _arcsBefore;
    private readonly long[] _flowBefore;
    private readonly bool[] _entered;
    private readonly int[] _watched;

    /// <summary>Starts from a fork's optimum.</summary>
    public SweepWorker(FlowSession session, SweepOptions options)
    {
        (_session, _options) = (session, options);
        _watched = [.. options.WatchedArcs.Distinct().Order()];
        SparseFlow before = session.ReadFlow();
        (_arcsBefore, _flowBefore) = (before.Arcs.ToArray(), before.Values.ToArray());
        _start = session.Mark();
        FlowNetwork network = session.BaseNetwork;
        _entered = new bool[network.NodeCount];
        foreach (int head in network.Heads) _entered[head] = true;
    }

    /// <summary>Solves one case.</summary>
    public SweepOutcome Try(int index, SweepCase failure, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (int arc in failure.ClosedArcs) Close(arc);
        foreach (SweepBound bound in failure.Bounds) _session.SetUpper(bound.Arc, bound.Upper);
        SessionResult result = _session.Solve(_options.Limits, cancellation);
        SweepOutcome outcome = Outcome(index, failure.Name, result, started);
        if (outcome.Status == FlowStatus.Optimal) _options.Inspect?.Invoke(outcome, _session);
        _session.Undo(_start);
        return outcome;
    }

    // An arc whose least flow is zero is closed by its upper bound alone, which the kernel takes where it is.
    private void Close(int arc)
    {
        if (_session.ArcTerms(arc).Lower == 0) _session.SetUpper(arc, 0);
        else _session.RemoveArc(arc);
    }

    private SweepOutcome Outcome(int index, string name, SessionResult result, long started)
    {
        bool optimal = result.Status == FlowStatus.Optimal;
        List<FlowChange> changes = optimal ? Changes(_session.ReadFlow()) : [];
        bool certified = optimal && _options.Certify && _session.Certify();
        return new SweepOutcome
        {
            Index = index,
            Name = name,
            Status = result.Status,
            Cause = result.Cause,
            Objective = result.Objective,
            WatchedFlow = optimal ? Watched(_session.ReadFlow()) : 0,
            MovedVolume = Moved(changes),
            Changes = changes,
            Certified = certified,
            Kernel = result.Kernel,
            Pivots = result.Pivots,
            Elapsed = Stopwatch.GetElapsedTime(started),
        };
    }

    private Int128 Watched(SparseFlow flow)
    {
        Int128 total = 0;
        for (int i = 0, j = 0; i < _watched.Length && j < flow.Arcs.Length;)
        {
            if (_watched[i] == flow.Arcs[j]) total += flow.Values[j];
            if (_watched[i] < flow.Arcs[j]) i++;
            else j++;
        }

        return total;
    }

    private List<FlowChange> Changes(SparseFlow after)
    {
        var changes = new List<FlowChange>();
        for (int i = 0, j = 0; i < _arcsBefore.Length || j < after.Arcs.Length;)
        {
            int old = i < _arcsBefore.Length ? _arcsBefore[i] : int.MaxValue, now = j < after.Arcs.Length ? after.Arcs[j] : int.MaxValue;
            long before = old <= now ? _flowBefore[i++] : 0, carried = now <= old ? after.Values[j++] : 0;
            if (before != carried) changes.Add(new FlowChange(Math.Min(old, now), before, carried));
        }

        return changes;
    }

    private Int128 Moved(List<FlowChange> changes)
    {
        ReadOnlySpan<int> tails = _session.BaseNetwork.Tails;
        Int128 moved = 0;
        foreach (FlowChange change in changes)
            if (change.After > change.Before && !_entered[tails[change.Arc]]) moved += (Int128)change.After - change.Before;
        return moved;
    }
}

using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;

namespace TrafficDispatch.Service.Serve;

/// <summary>The state in force together with its prepared answers, for the life of one request. Thread-safe.</summary>
internal sealed class AnswerCache(TableHolder holder, DecisionTally tally)
{
    private long _generation;
    private Captured? _captured;

    /// <summary>Captures the state once.</summary>
    /// <exception cref="Grpc.Core.RpcException">UNAVAILABLE: there is no table yet.</exception>
    public Captured Capture() => TryCapture() ?? throw Refusal.NoTable();

    /// <summary>Captures the state once; null where there is no table yet.</summary>
    public Captured? TryCapture()
    {
        if (holder.Current is not { } state) return null;
        Captured? captured = Volatile.Read(ref _captured);
        if (captured is not null && ReferenceEquals(captured.State, state)) return captured;
        // Requests that still hold the state before make their own and may put it here last: the next request mends that.
        captured = After(captured, state);
        Volatile.Write(ref _captured, captured);
        return captured;
    }

    private Captured After(Captured? before, ServingState state)
    {
        bool sameTable = before is not null && ReferenceEquals(before.Answers.Table, state.Table);
        TableAnswers answers = sameTable ? before!.Answers : new TableAnswers(state.Table, tally);
        bool sameAnswers = sameTable && ReferenceEquals(before!.State.Overlay, state.Overlay);
        return new(state, answers, sameAnswers ? before!.Generation : Interlocked.Increment(ref _generation));
    }
}

/// <summary>What one request answers from. Immutable.</summary>
/// <param name="State">The table, the overlay and the plan.</param>
/// <param name="Answers">Parts of answers that are the same in every reply of the table.</param>
/// <param name="Generation">The same number means the same table and overlay: the same request gets the same bytes.</param>
internal sealed record Captured(ServingState State, TableAnswers Answers, long Generation)
{
    /// <summary>The table.</summary>
    public Table.RoutingTable Table => State.Table;
}

using TrafficDispatch.Service.Decisions;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Tracing;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>
/// What is said of a single decision beside its counters: in the span of a traced call, and in the log for one in so many. A decision of no interest pays for
/// reading two numbers and, where there is a log, for a count. Thread-safe.
/// </summary>
internal sealed class DecisionNotes(DispatchTraces traces, DecisionLog log)
{
    /// <summary>Takes note of a decision.</summary>
    /// <param name="state">What it was made from.</param>
    /// <param name="asked">What was asked.</param>
    /// <param name="decision">What it came to.</param>
    /// <param name="ranked">Its edges.</param>
    /// <param name="begun">What <see cref="DispatchMeter.Begin"/> gave; 0 where nobody looked at the clock.</param>
    public void Note(ServingState state, in DecisionRequest asked, in Decision decision, ReadOnlySpan<EdgeShare> ranked, long begun = 0)
    {
        if (traces.IsOpen) Trace(state, decision);
        if (log.IsDue()) log.Take(state, asked, decision, ranked, begun);
    }

    /// <summary>Takes note of a decision that belongs to no service of viewers.</summary>
    /// <param name="state">What it was made from.</param>
    /// <param name="service">What it is counted under.</param>
    /// <param name="reason">Why it is what it is.</param>
    public void Note(ServingState state, string service, DecisionReason reason)
    {
        if (traces.IsOpen) traces.Decided(state, service, "", reason);
    }

    private void Trace(ServingState state, in Decision decision)
    {
        TableContent content = state.Table.Content;
        traces.Decided(state, content.Services[decision.Service].Id, decision.Region >= 0 ? content.Regions[decision.Region].Id : "", decision.Reason);
    }
}

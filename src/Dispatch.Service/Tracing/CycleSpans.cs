using System.Diagnostics;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Service.Tracing;

/// <summary>What a cycle says of itself in its spans.</summary>
internal static class CycleSpans
{
    /// <summary>Ends a cycle's span with what came of it and the table in force then.</summary>
    public static void Tell(this Activity? cycle, CycleOutcome outcome, ServingState? state)
    {
        if (cycle is null) return;
        cycle.SetTag(SpanTags.Result, outcome.Result.ToString().ToLowerInvariant());
        if (state is not null) cycle.SetTag(SpanTags.Epoch, state.Table.Version.Epoch).SetTag(SpanTags.Version, state.Table.Version.Number);
        if (outcome.Result is CycleResult.Failed or CycleResult.Refused) cycle.SetStatus(ActivityStatusCode.Error, outcome.Fault);
    }

    /// <summary>
    /// Tells within the span of a solve of two steps: what the solver itself took, at the end, and before it all else: the cost model, candidates, and the
    /// pricing of what was left out, which in truth stand between its rounds.
    /// </summary>
    public static void Tell(this DispatchTraces traces, Activity? plan, TimeSpan took, SolveResult result)
    {
        if (plan is null) return;
        DateTimeOffset from = new(plan.StartTimeUtc), end = from + took;
        if (result.Assignment is not { } assignment)
        {
            traces.Tell("solve", from, end, ("dispatch.solve.status", result.Status.ToString()), ("dispatch.solve.cause", result.Cause));
            plan.SetStatus(ActivityStatusCode.Error, result.Cause);
            return;
        }
        SolveTrace trace = assignment.Trace;
        DateTimeOffset middle = end - (trace.SolveTime < took ? trace.SolveTime : took);
        long unserved = 0;
        for (int g = 0; g < assignment.Model.Groups.Count; g++) unserved += assignment.Published.Unserved(g);
        traces.Tell("formulate", from, middle, ("dispatch.solve.groups", assignment.Model.Groups.Count), ("dispatch.solve.arcs", trace.Arcs),
            (SpanTags.World, assignment.Snapshot.World.Version));
        traces.Tell("solve", middle, end, ("dispatch.solve.status", result.Status.ToString()), ("dispatch.solve.kernel", trace.Kernel),
            // Costs may be longer than 64 bits.
            ("dispatch.solve.cost", trace.Objective.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("dispatch.solve.unserved_mbps", assignment.Model.ToMbps(unserved).Value),
            ("dispatch.solve.rounds", trace.Rounds), ("dispatch.solve.pivots", trace.Pivots), ("dispatch.solve.continued", trace.IsContinued), ("dispatch.solve.proved", trace.Certificate.Valid));
    }

    /// <summary>Says what came of the failures of a plan.</summary>
    public static void Tell(this Activity? failures, ServingState? state)
    {
        if (failures is null || state is null) return;
        failures.SetTag("dispatch.failures.state", state.Failures.State.ToString().ToLowerInvariant()).SetTag("dispatch.failures.tried", state.Failures.Tried)
            .SetTag("dispatch.failures.absorbed", state.Failures.Absorbed).SetTag(SpanTags.Epoch, state.Table.Version.Epoch).SetTag(SpanTags.Version, state.Table.Version.Number);
    }
}

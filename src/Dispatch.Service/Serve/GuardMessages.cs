using Google.Protobuf.WellKnownTypes;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Serve;

/// <summary>Puts what the guard or a person holds back into a status reply.</summary>
internal static class GuardMessages
{
    /// <summary>Adds the guard's record.</summary>
    public static void Add(StatusReply reply, GuardRecord guard, TimeSpan held)
    {
        reply.Guard = new GuardStatus
        {
            State = guard.Since is null ? "passing" : "holding",
            ForcedTotal = (ulong)guard.Forced,
            HoldingSeconds = held.TotalSeconds,
        };
        foreach ((string rule, long count) in guard.Refusals) reply.Guard.RefusedTotal[rule] = (ulong)count;
        reply.Guard.Findings.Add(guard.Findings.Select(static f =>
            new GuardFinding { Rule = f.Rule, Value = f.Value, Limit = f.Limit, Message = f.Message, Remedy = f.Remedy }));
    }

    /// <summary>Adds who has stopped publishing; nothing while it goes on.</summary>
    public static void Add(StatusReply reply, FreezeRecord? freeze, long cycles)
    {
        if (freeze is null) return;
        reply.Freeze = new FreezeStatus { By = freeze.By, Reason = freeze.Reason, SetAt = Timestamp.FromDateTimeOffset(freeze.SetAt), CyclesHeldBack = (ulong)cycles };
        if (freeze.Until is { } until) reply.Freeze.Until = Timestamp.FromDateTimeOffset(until);
    }
}

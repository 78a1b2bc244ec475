using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Serve;

/// <summary>Puts failures, the overlay and the billing month into a status reply.</summary>
internal static class StatusMessages
{
    /// <summary>How far the plan in force is prepared for failures.</summary>
    public static void AddFailures(StatusReply reply, ServingState state, TimeSpan? age)
    {
        FailureSummary failures = state.Failures;
        reply.Failures = new FailureStatus
        {
            State = failures.State.ToString().ToLowerInvariant(),
            Tried = (uint)failures.Tried,
            Absorbed = (uint)failures.Absorbed,
            NotAbsorbed = (uint)failures.NotAbsorbed,
            AgeSeconds = age?.TotalSeconds ?? 0,
            ElapsedMs = failures.Elapsed.TotalMilliseconds,
            Failovers = (uint)state.Table.Content.Failovers.Count,
        };
        reply.Failures.Worst.Add(failures.Worst.Select(static w =>
            new Protocol.V1.UnabsorbedFailure { Name = w.Name, UnservedMbps = w.UnservedMbps, Fix = w.Fix }));
    }

    /// <summary>How the process stands among those that share its store.</summary>
    public static ReplicaStatus Of(ReplicaRecord replica, TimeSpan? heardAgo) => new()
    {
        Role = replica.Role,
        Name = replica.Name,
        Leads = replica.Leads,
        Leader = replica.Leader,
        Trouble = replica.Trouble,
        HeardSecondsAgo = heardAgo?.TotalSeconds ?? 0,
        PublishedEpoch = (ulong)replica.Published.Epoch,
        PublishedVersion = (ulong)replica.Published.Number,
        Taken = (ulong)replica.Taken,
        Refused = (ulong)replica.Refused,
        Terms = (ulong)replica.Terms,
        Fenced = (ulong)replica.Fenced,
    };

    /// <summary>What takes nodes away beyond the table.</summary>
    public static void AddOverlay(StatusReply reply, Overlay overlay)
    {
        foreach ((string source, ImmutableArray<HealthStatement> statements) in overlay.BySource)
        {
            reply.Overlay.Add(statements.Select(s => new OverlayStatement
            {
                Source = source,
                Kind = s.Scope.ToString().ToLowerInvariant(),
                Id = s.Id,
                State = s.State == HealthState.Drained ? "drained" : "down",
            }));
        }
        foreach ((string source, EdgeWeights weights) in overlay.Weights)
            reply.Overlay.Add(weights.Kept.Select(w => new OverlayStatement { Source = source, Kind = "edge", Id = w.EdgeId, State = "lightened", KeptPercent = w.Percent }));
    }

    /// <summary>What automation has taken away, and what it may not.</summary>
    public static void AddHealth(StatusReply reply, HealthVerdict health, ProbeTally probes)
    {
        reply.Health = new HealthReport
        {
            Vantages = (uint)health.Vantages,
            TakenPercent = health.TakenPercent,
            ProbesReported = (ulong)probes.Reported,
            ProbesFromOthers = (ulong)probes.FromOthers,
            ProbesKnown = (ulong)probes.Known,
            ProbesUntold = (ulong)probes.Untold,
        };
        reply.Health.Held.Add(health.Held);
        reply.Health.Damped.Add(health.Damped);
        reply.Health.Distrusted.Add(health.Distrusted);
    }

    /// <summary>The month to date.</summary>
    public static void AddBilling(StatusReply reply, BillingSummary billing)
    {
        if (billing.Contracts.IsEmpty) return;
        reply.BillingMonth = billing.Month.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        reply.Contracts.Add(billing.Contracts.Select(static c => new Protocol.V1.ContractMonth
        {
            ContractId = c.ContractId,
            Billing = c.Billing == BillingMethod.Percentile95 ? "p95" : "volume",
            NextSlot = (uint)c.NextSlot,
            Slots = (uint)c.Slots,
            BilledMbps = c.BilledMbps,
            PaidMbps = c.PaidMbps,
            BurstsLeft = (uint)c.BurstsLeft,
            Gigabytes = c.Gigabytes,
            BillMicroUsd = c.BillMicroUsd,
        }));
    }
}

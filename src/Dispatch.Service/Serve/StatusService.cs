using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Relays;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary><c>dispatch.v1.Status</c>. It answers also before the first table. One instance serves all calls.</summary>
internal sealed class StatusService(TableHolder holder, TelemetryBoard board, ProbeTally probes, PathTally paths, TimeProvider time) : Protocol.V1.Status.StatusBase
{
    /// <inheritdoc/>
    public override Task<StatusReply> Get(StatusRequest request, ServerCallContext context) => Task.FromResult(Now());

    /// <summary>What is in force now.</summary>
    public StatusReply Now()
    {
        PublishRecord record = holder.Record;
        StatusReply reply = new()
        {
            State = NameOf(holder.Freshness()),
            PublishesTotal = (ulong)record.Publishes,
            PublishFailuresTotal = (ulong)record.Failures,
            LastError = record.LastError,
            ProgramVersion = ProgramVersion.Text,
        };
        TelemetryMessages.Add(reply, board, time.GetUtcNow());
        GuardMessages.Add(reply, holder.Guard, holder.Held());
        PathMessages.Add(reply, holder.Paths, paths, time.GetUtcNow());
        GuardMessages.Add(reply, holder.Freeze, holder.FrozenCycles);
        if (holder.Replica is { } replica) reply.Replica = StatusMessages.Of(replica, holder.Ago(replica.HeardAt));
        if (holder.Current is not { } state) return reply;
        AddTable(reply, state);
        StatusMessages.AddFailures(reply, state, holder.Age(state.Failures));
        StatusMessages.AddOverlay(reply, state.Overlay);
        StatusMessages.AddHealth(reply, holder.Health, probes);
        if (state.Plan is { } plan) AddPlan(reply, plan);
        return reply;
    }

    /// <summary>The state as text.</summary>
    public static string NameOf(Freshness freshness) => freshness switch
    {
        Freshness.Ready => "ready",
        Freshness.Stale => "stale",
        _ => "no_table",
    };

    private void AddTable(StatusReply reply, ServingState state)
    {
        TableContent content = state.Table.Content;
        reply.TableEpoch = (ulong)state.Table.Version.Epoch;
        reply.TableVersion = (ulong)state.Table.Version.Number;
        reply.OverlayVersion = state.OverlayVersion;
        reply.ContentHash = state.Table.ContentHash;
        reply.WorldVersion = content.WorldVersion;
        reply.UtcHour = (uint)content.UtcHour;
        reply.PublishedAt = Timestamp.FromDateTimeOffset(state.Table.BuiltAt);
        reply.TableAgeSeconds = holder.Age(state).TotalSeconds;
        reply.Regions = (uint)content.Regions.Length;
        reply.Edges = (uint)content.Edges.Length;
        reply.Relays = (uint)content.Relays.Length;
        reply.Origins = (uint)content.Origins.Length;
        reply.Services = (uint)content.Services.Length;
    }

    private static void AddPlan(StatusReply reply, PlanSummary plan)
    {
        reply.SolveStatus = plan.Status;
        reply.Kernel = plan.Trace.Kernel;
        reply.SolveMs = plan.Trace.SolveTime.TotalMilliseconds;
        reply.CertificateValid = plan.Trace.Certificate.Valid;
        PlanMessages.Add(reply, plan);
        reply.Prefixes = (uint)plan.Prefixes;
        reply.MovedMbps = plan.MovedMbps ?? 0;
        StatusMessages.AddBilling(reply, plan.Billing);
    }
}

using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.State;
using Status = Grpc.Core.Status;

namespace TrafficDispatch.Service.Control;

/// <summary><c>dispatch.v1.Admin</c>, behind the gate. One instance serves all calls.</summary>
internal sealed class AdminService(NodeDesk nodes, FreezeDesk freezes, TableDesk tables, AuditTrail audit, TableHolder holder, WorldSource world, TimeProvider time) : Admin.AdminBase
{
    private const int MostEntries = 1000, UsualEntries = 50;

    /// <inheritdoc/>
    public override Task<OverridesReply> Drain(DrainRequest request, ServerCallContext context)
    {
        Requests.Check(request.Reason, request.OnBehalfOf);
        NodeDesk.StateOf(request);
        ImmutableArray<(HealthScope, string)> targets = Targets.Read(request.Targets, world.Current?.World, holder.Current);
        DateTimeOffset? until = Requests.Until(request.ForSeconds, time.GetUtcNow());
        string what = Targets.Listed(targets) + (request.State.Length > 0 ? " " + request.State : "");
        return ChangeAsync(context, request.OnBehalfOf, "drain", what, request.Reason,
            caller => nodes.SayAsync(caller, request, targets, until, context.CancellationToken), static r => $"overlay {r.OverlayVersion}");
    }

    /// <inheritdoc/>
    public override Task<OverridesReply> Restore(RestoreRequest request, ServerCallContext context)
    {
        Requests.Check(request.Reason, request.OnBehalfOf);
        // What is no longer in the world may still be said of, and must be possible to take back.
        if (request.Targets.Count is 0 or > Targets.Most) throw Requests.Invalid($"targets holds {request.Targets.Count}: must hold 1 to {Targets.Most}.");
        return ChangeAsync(context, request.OnBehalfOf, "restore", string.Join(' ', request.Targets.Select(static t => $"{t.Kind}:{t.Id}")), request.Reason,
            caller => nodes.TakeBackAsync(caller, request, context.CancellationToken), static r => $"overlay {r.OverlayVersion}");
    }

    /// <inheritdoc/>
    public override Task<OverridesReply> ListOverrides(ListOverridesRequest request, ServerCallContext context) =>
        AskAsync(() => nodes.ShowAsync(0, context.CancellationToken));

    /// <inheritdoc/>
    public override Task<FreezeReply> Freeze(FreezeRequest request, ServerCallContext context)
    {
        Requests.Check(request.Reason, request.OnBehalfOf);
        DateTimeOffset? until = Requests.Until(request.ForSeconds, time.GetUtcNow());
        return ChangeAsync(context, request.OnBehalfOf, "freeze", "publishing", request.Reason,
            caller => freezes.FreezeAsync(caller, request.Reason, until, context.CancellationToken), static r => r.Until is { } end ? $"until {end.ToDateTimeOffset():u}" : "until it is taken back");
    }

    /// <inheritdoc/>
    public override Task<FreezeReply> Unfreeze(UnfreezeRequest request, ServerCallContext context)
    {
        Requests.Check(request.Reason, request.OnBehalfOf);
        return ChangeAsync(context, request.OnBehalfOf, "unfreeze", "publishing", request.Reason,
            _ => freezes.ThawAsync(context.CancellationToken), static r => r.Changed ? "" : "nothing was frozen");
    }

    /// <inheritdoc/>
    public override Task<PublishReply> Publish(PublishRequest request, ServerCallContext context)
    {
        Requests.Check(request.Reason, request.OnBehalfOf);
        if (request.Force && request.Reason.Length == 0) throw Requests.Invalid($"reason must be given where the guard is to be passed over.");
        if (!request.Force && request.Rules.Count > 0) throw Requests.Invalid($"rules must be empty without force.");
        string what = request.Force ? $"past the guard: {(request.Rules.Count > 0 ? string.Join(' ', request.Rules.Take(20)) : "any rule")}" : "as the guard allows";
        return ChangeAsync(context, request.OnBehalfOf, "publish", what, request.Reason, caller => tables.PublishAsync(caller, request, context.CancellationToken),
            static r => r.PassedOver.Count > 0 ? $"{r.Result}, passed over {string.Join(' ', r.PassedOver)}" : r.Result);
    }

    /// <inheritdoc/>
    public override Task<ListTablesReply> ListTables(ListTablesRequest request, ServerCallContext context) => AskAsync(() => tables.ListAsync(context.CancellationToken));

    /// <inheritdoc/>
    public override Task<DiffReply> Diff(DiffRequest request, ServerCallContext context) => AskAsync(() => tables.DiffAsync(request, context.CancellationToken));

    /// <inheritdoc/>
    public override Task<RollbackReply> Rollback(RollbackRequest request, ServerCallContext context)
    {
        Requests.Check(request.Reason, request.OnBehalfOf);
        DateTimeOffset? until = Requests.Until(request.FreezeSeconds, time.GetUtcNow());
        return ChangeAsync(context, request.OnBehalfOf, "rollback", $"to {TableDesk.VersionOf(request.To, "to")}", request.Reason,
            caller => tables.RollBackAsync(caller, request, until, context.CancellationToken), static r => r.Frozen ? "publishing is frozen" : "publishing goes on");
    }

    /// <inheritdoc/>
    public override Task<HistoryReply> History(HistoryRequest request, ServerCallContext context)
    {
        if (request.Most > MostEntries) throw Requests.Invalid($"most is {request.Most}: must be at most {MostEntries}.");
        return AskAsync(async () =>
        {
            HistoryReply reply = new();
            foreach (AuditEntry entry in await audit.LatestAsync(request.Most == 0 ? UsualEntries : (int)request.Most, context.CancellationToken)) reply.Entries.Add(Of(entry));
            return reply;
        });
    }

    /// <summary>Makes a change between two lines of the audit.</summary>
    private async Task<T> ChangeAsync<T>(
        ServerCallContext context, string onBehalfOf, string action, string what, string reason, Func<Caller, Task<T>> change, Func<T, string> detail)
    {
        Caller caller = context.Caller();
        AuditEntry begun = audit.Begin(caller, onBehalfOf, action, what, reason);
        try
        {
            T reply = await change(caller);
            await audit.EndAsync(begun, AuditResult.Done, detail(reply));
            return reply;
        }
        catch (RpcException e)
        {
            await audit.EndAsync(begun, e.StatusCode == StatusCode.Unavailable ? AuditResult.Failed : AuditResult.Refused, e.Status.Detail);
            throw;
        }
        catch (StoreUnavailableException e)
        {
            await audit.EndAsync(begun, AuditResult.Failed, e.Message);
            throw Unavailable(e);
        }
        catch (OperationCanceledException)
        {
            await audit.EndAsync(begun, AuditResult.Failed, "The caller went away, or its deadline passed: it may have been made all the same.");
            throw;
        }
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (StoreUnavailableException e)
        {
            throw Unavailable(e);
        }
    }

    private static RpcException Unavailable(StoreUnavailableException e) => new(new Status(StatusCode.Unavailable, $"The store gives no answer: {e.Message}"));

    private static HistoryEntry Of(AuditEntry e) => new()
    {
        Id = e.Id,
        At = Timestamp.FromDateTimeOffset(e.At),
        Who = e.Caller.Name,
        Role = RoleNames.Of(e.Caller.Roles),
        OnBehalfOf = e.OnBehalfOf,
        Credential = e.Caller.Credential,
        From = e.Caller.From,
        Action = e.Action,
        What = e.What,
        Reason = e.Reason,
        Result = e.Result.ToString().ToLowerInvariant(),
        Detail = e.Detail,
        Before = e.Before,
        After = e.After,
        Process = e.Process,
    };
}

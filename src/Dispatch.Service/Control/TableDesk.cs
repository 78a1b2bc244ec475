using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Change;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Publish;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;
using Status = Grpc.Core.Status;

namespace TrafficDispatch.Service.Control;

/// <summary>Publishes, compares tables and goes back to them, as a person says. Thread-safe.</summary>
internal sealed class TableDesk(
    StateDoor door, ServiceSettings settings, PublishLoop loop, RollbackStage rollback, ILeadership leadership, FreezeDesk stops, FreezeWatch freeze,
    WorldSource source, TableHolder holder, QuietThread quiet, TimeProvider time)
{
    private const int UsualRows = 20, MostRows = 1000;

    /// <summary>Solves now.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION or UNAVAILABLE.</exception>
    public async Task<PublishReply> PublishAsync(Caller caller, PublishRequest request, CancellationToken cancellation)
    {
        CheckLeads();
        if (freeze.Current is { } frozen) throw Refuse(StatusCode.FailedPrecondition, FreezeWatch.Frozen(frozen));
        ForcePermit? permit = request.Force ? new(caller.Source, request.Rules) : null;
        TableVersion before = InForce();
        CycleOutcome outcome = await loop.SolveNowAsync(permit).WaitAsync(cancellation);
        if (outcome.Result is not (CycleResult.Published or CycleResult.Confirmed))
        {
            StatusCode code = outcome.Result is CycleResult.Refused or CycleResult.Frozen or CycleResult.Elsewhere ? StatusCode.FailedPrecondition : StatusCode.Unavailable;
            throw Refuse(code, outcome.Fault.Length > 0 ? outcome.Fault : "The cycle put nothing in force.");
        }
        PublishReply reply = new() { Result = outcome.Result.ToString().ToLowerInvariant(), Before = TableComparison.NameOf(before), After = TableComparison.NameOf(InForce()) };
        if (permit is not null) reply.PassedOver.Add(permit.Used);
        return reply;
    }

    /// <summary>The tables that are kept.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<ListTablesReply> ListAsync(CancellationToken cancellation)
    {
        ListTablesReply reply = new();
        foreach (StoredTable stored in await door.Store.Tables.ListAsync(cancellation))
        {
            (RoutingTable? table, string fault) = await ReadAsync(stored.Version, cancellation);
            KeptTable kept = new() { Name = TableComparison.NameOf(stored.Version), Bytes = (ulong)stored.Bytes, InForce = stored.Version == InForce(), Fault = fault };
            if (table is not null)
            {
                (kept.BuiltAt, kept.WorldVersion, kept.UtcHour) = (Timestamp.FromDateTimeOffset(table.BuiltAt), table.Content.WorldVersion, (uint)table.Content.UtcHour);
                (kept.ContentHash, kept.Failovers) = (table.ContentHash, (uint)table.Content.Failovers.Count);
            }
            reply.Tables.Add(kept);
        }
        return reply;
    }

    /// <summary>What two tables would do otherwise.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT, NOT_FOUND or FAILED_PRECONDITION.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<DiffReply> DiffAsync(DiffRequest request, CancellationToken cancellation)
    {
        if (request.Most > MostRows) throw Requests.Invalid($"most is {request.Most}: must be at most {MostRows}.");
        TableVersion from = VersionOf(request.From, "from");
        RoutingTable before = await FindAsync(from, cancellation), after = request.To is null ? Current() : await FindAsync(VersionOf(request.To, "to"), cancellation);
        Snapshot? today = source.Current is { } loaded ? new(loaded.World, settings.Solve.UtcHour ?? time.GetUtcNow().Hour) : null;
        DiffReply reply = new();
        await quiet.RunAsync(() => reply = TableComparison.Of(before, after, today, request.Most == 0 ? UsualRows : (int)request.Most)).WaitAsync(cancellation);
        return reply;
    }

    /// <summary>Goes back to an older table; publishing stops first, so that nothing comes in between.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION or UNAVAILABLE.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<RollbackReply> RollBackAsync(Caller caller, RollbackRequest request, DateTimeOffset? until, CancellationToken cancellation)
    {
        TableVersion to = VersionOf(request.To, "to"), before = InForce();
        CheckLeads();
        bool freezes = !request.KeepPublishing && freeze.Current is null;
        if (freezes) await stops.FreezeAsync(caller, $"rollback to {to}{(request.Reason.Length > 0 ? $": {request.Reason}" : "")}", until, cancellation);
        string fault = "";
        // Not given up half-way: whoever goes away now finds out by the audit.
        RollbackResult result = await loop.AskAsync(_ => rollback.Run(to, out fault));
        if (result != RollbackResult.Done)
        {
            if (freezes) await stops.ThawAsync(CancellationToken.None);
            throw Refuse(CodeOf(result), result == RollbackResult.Unknown ? $"Table {to} {fault}." : fault.Length > 0 ? fault : "Another process leads.");
        }
        return new RollbackReply
        {
            Before = TableComparison.NameOf(before),
            After = TableComparison.NameOf(InForce()),
            ContentHash = Current().ContentHash,
            Frozen = freeze.Current is not null,
        };
    }

    private static StatusCode CodeOf(RollbackResult result) => result switch
    {
        RollbackResult.Unknown => StatusCode.NotFound,
        RollbackResult.Refused or RollbackResult.Elsewhere => StatusCode.FailedPrecondition,
        _ => StatusCode.Unavailable,
    };

    /// <summary>A version as a caller names it.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    internal static TableVersion VersionOf(TableName? name, string field)
    {
        if (name is null || name.Number is 0 or > long.MaxValue || name.Epoch > long.MaxValue) throw Requests.Invalid($"{field} must name a table: its epoch and its number.");
        return new((long)name.Epoch, (long)name.Number);
    }

    private async Task<RoutingTable> FindAsync(TableVersion version, CancellationToken cancellation)
    {
        (RoutingTable? table, string fault) = await ReadAsync(version, cancellation);
        return table ?? throw Refuse(StatusCode.NotFound, $"Table {version} {fault}.");
    }

    private async Task<(RoutingTable? Table, string Fault)> ReadAsync(TableVersion version, CancellationToken cancellation)
    {
        if (holder.Current?.Table is { } current && current.Version == version) return (current, "");
        (EncodedTable? bytes, string fault) = await door.Store.Tables.FetchAsync(version, cancellation);
        if (bytes is null) return (null, fault);
        RoutingTable? table = null;
        // Some 10 ms a megabyte: not among the answers.
        await quiet.RunAsync(() => _ = bytes.TryRead(holder.Current?.Table, out table, out fault)).WaitAsync(cancellation);
        return (table, table is null ? fault : "");
    }

    private RoutingTable Current() => holder.Current?.Table ?? throw Refuse(StatusCode.Unavailable, "There is no table in force yet.");

    private TableVersion InForce() => holder.Current?.Table.Version ?? TableVersion.None;

    /// <summary>Who leads is asked by its own admin plane.</summary>
    private void CheckLeads()
    {
        if (settings.Role is not (Role.All or Role.Solve)) throw Refuse(StatusCode.FailedPrecondition, "This process does not solve; ask one whose Role is all or solve.");
        if (leadership.Token is not null) return;
        string leader = holder.Replica?.Leader ?? "";
        throw Refuse(StatusCode.FailedPrecondition, leader.Length > 0 ? $"{leader} leads (MACHINE:PROCESS:NAME); ask its admin plane." : "Nobody leads at the moment; try again in some seconds.");
    }

    private static RpcException Refuse(StatusCode code, string message) => new(new Status(code, message));
}

using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Control;

/// <summary>Takes nodes out of answers and gives them back, as a person says. Thread-safe.</summary>
internal sealed class NodeDesk(StateDoor door, OverrideWatch watch, TableHolder holder, TimeProvider time)
{
    /// <summary>Reads what is to be said of nodes.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static (HealthState State, double Factor) StateOf(DrainRequest request)
    {
        if (request.State is not "usable" && request.UsablePercent != 0) throw Requests.Invalid($"usable_percent is {request.UsablePercent}: must be 0 where state is not usable.");
        switch (request.State)
        {
            case "" or "drained": return (HealthState.Drained, 0);
            case "down": return (HealthState.Down, 0);
            case "usable" when request.UsablePercent is >= 0 and < 100: return (HealthState.Up, request.UsablePercent / 100);
            case "usable": throw Requests.Invalid($"usable_percent is {request.UsablePercent}: must be 0 to below 100.");
            default: throw Requests.Invalid($"state must be drained, down or usable.");
        }
    }

    /// <summary>Says something of nodes; answers here heed it when this returns.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer: some of it may be said.</exception>
    public async Task<OverridesReply> SayAsync(Caller caller, DrainRequest request, ImmutableArray<(HealthScope Scope, string Id)> targets, DateTimeOffset? until, CancellationToken cancellation)
    {
        (HealthState state, double factor) = StateOf(request);
        DateTimeOffset now = time.GetUtcNow();
        foreach ((HealthScope scope, string id) in targets)
            await door.Store.HealthOverrides.PutAsync(new(new(scope, id, state, factor), caller.Source, request.Reason, now, until), cancellation);
        return await ShowAsync((uint)targets.Length, cancellation);
    }

    /// <summary>Takes back what was said of nodes.</summary>
    /// <exception cref="RpcException">NOT_FOUND: nothing was said.</exception>
    /// <exception cref="StoreUnavailableException">The store gives no answer: some of it may be taken back.</exception>
    public async Task<OverridesReply> TakeBackAsync(Caller caller, RestoreRequest request, CancellationToken cancellation)
    {
        HashSet<(string, string)> wanted = [.. request.Targets.Select(static t => (t.Kind, t.Id))];
        OverrideList list = await door.Store.HealthOverrides.ListAsync(cancellation);
        HealthOverride[] said = [.. list.Overrides.Where(o => wanted.Contains((Targets.NameOf(o.Statement.Scope), o.Statement.Id)) && (!request.OwnOnly || o.Source == caller.Source))];
        if (said.Length == 0) throw new RpcException(new(StatusCode.NotFound, request.OwnOnly ? $"{caller.Name} said nothing of these targets." : "Nobody said anything of these targets."));
        uint changed = 0;
        foreach (HealthOverride o in said)
            if (await door.Store.HealthOverrides.RemoveAsync(o.Statement.Scope, o.Statement.Id, o.Source, cancellation)) changed++;
        return await ShowAsync(changed, cancellation);
    }

    /// <summary>What holds now, and answers heed.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<OverridesReply> ShowAsync(uint changed, CancellationToken cancellation)
    {
        if (changed > 0) await watch.LookNowAsync(cancellation);
        OverrideList list = await door.Store.HealthOverrides.ListAsync(cancellation);
        OverridesReply reply = new() { Changed = changed, OverlayVersion = holder.Current?.OverlayVersion ?? 0 };
        reply.Overrides.Add(list.Overrides.Select(Of));
        reply.Faults.Add(list.Faults);
        return reply;
    }

    private static NodeOverride Of(HealthOverride o) => new()
    {
        Target = new AdminTarget { Kind = Targets.NameOf(o.Statement.Scope), Id = o.Statement.Id },
        State = o.Statement.State == HealthState.Up ? "usable" : o.Statement.State.ToString().ToLowerInvariant(),
        UsablePercent = o.Statement.State == HealthState.Up ? 100 * o.Statement.Factor : 0,
        Source = o.Source,
        Reason = o.Reason,
        SetAt = Timestamp.FromDateTimeOffset(o.SetAt),
        Until = o.Until is { } until ? Timestamp.FromDateTimeOffset(until) : null,
    };
}

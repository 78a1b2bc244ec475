using Google.Protobuf.WellKnownTypes;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Control;

/// <summary>Stops publishing and lets it go on, as a person says. Thread-safe.</summary>
internal sealed class FreezeDesk(StateDoor door, FreezeWatch watch, TableHolder holder, TimeProvider time)
{
    /// <summary>Stops publishing; it holds here when this returns, and for all others from the next table on.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<FreezeReply> FreezeAsync(Caller caller, string reason, DateTimeOffset? until, CancellationToken cancellation)
    {
        await door.Store.Freeze.PutAsync(new PublishFreeze(caller.Source, reason, time.GetUtcNow(), until), cancellation);
        await watch.LookNowAsync(cancellation);
        return Show(changed: true);
    }

    /// <summary>Lets publishing go on, from the next cycle.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<FreezeReply> ThawAsync(CancellationToken cancellation)
    {
        bool changed = await door.Store.Freeze.RemoveAsync(cancellation);
        await watch.LookNowAsync(cancellation);
        return Show(changed);
    }

    private FreezeReply Show(bool changed)
    {
        TableVersion version = holder.Current?.Table.Version ?? TableVersion.None;
        FreezeReply reply = new() { Changed = changed, TableEpoch = (ulong)version.Epoch, TableVersion = (ulong)version.Number };
        if (watch.Current is not { } freeze) return reply;
        (reply.Frozen, reply.By, reply.Reason, reply.SetAt) = (true, freeze.By, freeze.Reason, Timestamp.FromDateTimeOffset(freeze.SetAt));
        if (freeze.Until is { } until) reply.Until = Timestamp.FromDateTimeOffset(until);
        return reply;
    }
}

using Grpc.Core;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>
/// One client's stream. While a write waits for the client it holds what the client holds and the message itself, no table; what has changed
/// meanwhile is put together when the write ends.
/// </summary>
internal sealed class WatchStream(WatchHub hub, WatchedPart part, WatchSettings settings, WatchTally tally, HeldVersion? held)
{
    private HeldVersion? _held = held;

    /// <summary>Runs until the client or the process ends it.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: the process stops. NOT_FOUND: none of the services is in the table any more.</exception>
    public async Task RunAsync(IServerStreamWriter<TableUpdate> writer, CancellationToken client)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(client, hub.Stopping);
        long beats = hub.Beats;
        try
        {
            while (true)
            {
                Task news = hub.News;
                if (Prepare() is { } update)
                {
                    if (await SendAsync(update, writer, both.Token)) _held = update.After;
                    continue;
                }
                if (hub.Beats != beats) await writer.WriteAsync(Alive(), both.Token);
                beats = hub.Beats;
                await news.WaitAsync(both.Token);
            }
        }
        catch (OperationCanceledException) when (hub.Stopping.IsCancellationRequested && !client.IsCancellationRequested)
        {
            throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "The server is shutting down: go on at another."));
        }
    }

    private async Task<bool> SendAsync(WatchUpdate update, IServerStreamWriter<TableUpdate> writer, CancellationToken token)
    {
        await writer.WriteAsync(update.Begin, token);
        while (update.TryNext(out TableUpdate? message))
        {
            if (message is not null)
            {
                await writer.WriteAsync(message, token);
                continue;
            }
            await writer.WriteAsync(update.Overlay, token);
            await writer.WriteAsync(update.End, token);
            tally.Sent(update.Begin.Begin.Full);
            return true;
        }
        tally.Dropped();
        return false;
    }

    /// <summary>The update to what is in force; null where the client holds it.</summary>
    private WatchUpdate? Prepare()
    {
        ServingState state = hub.Capture() ?? throw Serve.Refusal.NoTable();
        OverlayState overlay = OverlayMessages.Of(state);
        if (_held is { Overlay: { } known } && _held.Version == state.Table.Version && known.Version == overlay.Version) return null;
        TableSlice to = part.SliceOf(state.Table.Content)
            ?? throw new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "services: none of them is in the table any more."));
        HeldVersion after = new(state.Table.Version, to.RowsHash, part.PrefixHashOf(to), overlay);
        bool samePrefixes = _held is not null && _held.PrefixHash.AsSpan().SequenceEqual(after.PrefixHash.AsSpan());
        (bool full, TableSlice? from) = Step(state.Table.Version, to);
        bool sameRows = !full && from is null;
        UpdatePlan? plan = sameRows && samePrefixes ? null : part.PlanOf(sameRows ? to : from, to, state.Table.Version, !samePrefixes);
        UpdateBegin begin = BeginOf(state, to, plan, full);
        begin.NewPrefixes = !samePrefixes && part.Selection.Prefixes;
        return new(begin, overlay, plan, after);
    }

    /// <summary>Whether everything must come, and if not, from where; from nowhere where the rows are the same.</summary>
    private (bool Full, TableSlice? From) Step(TableVersion version, TableSlice to)
    {
        // Numbers of another epoch say nothing about ours.
        if (_held is null || _held.Version.Epoch != version.Epoch) return (true, null);
        if (_held.RowsHash.AsSpan().SequenceEqual(to.RowsHash.AsSpan())) return (false, null);
        if (!hub.TryFind(_held.Version, out RoutingTable? table) || part.SliceOf(table.Content) is not { } from) return (true, null);
        bool fits = from.RowsHash.AsSpan().SequenceEqual(_held.RowsHash.AsSpan()) && SliceDifference.IsComparable(from.Rows, to.Rows);
        return fits ? (false, from) : (true, null);
    }

    private UpdateBegin BeginOf(ServingState state, TableSlice to, UpdatePlan? plan, bool full)
    {
        RoutingTable table = state.Table;
        return new()
        {
            Full = full,
            FromEpoch = full ? 0 : (ulong)_held!.Version.Epoch,
            FromVersion = full ? 0 : (ulong)_held!.Version.Number,
            TableEpoch = (ulong)table.Version.Epoch,
            TableVersion = (ulong)table.Version.Number,
            BuiltAtUnixMs = table.BuiltAt.ToUnixTimeMilliseconds(),
            WorldVersion = table.Content.WorldVersion,
            UtcHour = (uint)table.Content.UtcHour,
            GranuleV4 = (uint)table.Content.ClientGranuleV4,
            GranuleV6 = (uint)table.Content.ClientGranuleV6,
            Profiles = (uint)to.Rows.Entries.Profiles,
            NewRegions = plan?.Difference.Regions ?? false,
            NewEdges = plan?.Difference.Edges ?? false,
            NewServices = plan?.Difference.Services ?? false,
            NewFailovers = plan?.Difference.Failovers ?? false,
            HeartbeatMs = (uint)settings.Heartbeat.TotalMilliseconds,
            TableAgeMs = AgeOf(state),
        };
    }

    private TableUpdate Alive()
    {
        ServingState state = hub.Capture() ?? throw Serve.Refusal.NoTable();
        return new()
        {
            Alive = new()
            {
                TableEpoch = (ulong)_held!.Version.Epoch,
                TableVersion = (ulong)_held.Version.Number,
                OverlayVersion = _held.Overlay!.Version,
                TableAgeMs = AgeOf(state),
            },
        };
    }

    private ulong AgeOf(ServingState state) => (ulong)hub.Age(state).TotalMilliseconds;
}

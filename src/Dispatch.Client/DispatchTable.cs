using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>
/// A table and the overlay that goes with it, as one service sent them. Immutable and thread-safe; deciding takes no lock and allocates nothing.
/// Hold it for the length of one request, so that ordinals and answer belong together.
/// </summary>
public sealed class DispatchTable
{
    internal DispatchTable(HeldTable held, OverlayBits overlay, bool isFromFile)
    {
        (Held, Overlay, IsFromFile) = (held, overlay, isFromFile);
        (Routing, OverlayVersion) = (held.Table, overlay.Version);
    }

    /// <summary>Names, ordinals, endpoints, entries. Its own <see cref="RoutingTable.Decide"/> knows no overlay: decide with <see cref="TryDecide"/>.</summary>
    public RoutingTable Routing { get; }

    /// <summary>The table's version.</summary>
    public TableVersion Version => Routing.Version;

    /// <summary>Version of the overlay, as answers of the service that sent it carry it.</summary>
    public ulong OverlayVersion { get; }

    /// <summary>True where it was read from the file of the last good table and no service has sent one since.</summary>
    public bool IsFromFile { get; }

    internal HeldTable Held { get; }

    internal OverlayBits Overlay { get; }

    /// <summary>
    /// Decides as the service does at the same versions: the stable choice among the edges that the solve chose, under the overlay. O(edges of
    /// the entry); allocates nothing, takes no lock.
    /// </summary>
    /// <param name="request">Who asks for what, in this table's ordinals; what it says about down, drained, kept and full edges is put in by the table.</param>
    /// <param name="ranked">Receives the edges, best first; its length says how many are wanted, 1 at least.</param>
    /// <param name="decision">The decision; meaningless where there is none.</param>
    /// <returns>False where the client is outside of the selected part (its region, or its address where no prefixes are held): ask the service.</returns>
    /// <exception cref="ArgumentException">No room for an edge, or the service or region is not this table's.</exception>
    public bool TryDecide(in DecisionRequest request, Span<EdgeShare> ranked, out Decision decision)
    {
        if (!Held.HasPrefixes && request.Form != ClientForm.Region)
        {
            decision = default;
            return false;
        }
        decision = Routing.Decide(request with { Down = Overlay.Down, Drained = Overlay.Drained, Kept = Overlay.Kept, Full = Overlay.Full }, ranked);
        return Held.Elsewhere < 0 || decision.Region != Held.Elsewhere;
    }

    /// <summary>Ordinal of a service by its id, else by its host name, with or without the dot of the root; the first where the name is empty; −1 where there is none such.</summary>
    public int ServiceOrdinal(ReadOnlySpan<char> service)
    {
        if (service.IsEmpty) return Held.HasFirstService ? 0 : -1;
        int ordinal = Routing.ServiceOrdinal(service);
        return ordinal >= 0 ? ordinal : Routing.ServiceOrdinalOfHost(service is [.., '.'] ? service[..^1] : service);
    }

    /// <summary>Ordinal of a region that is held, or −1.</summary>
    public int RegionOrdinal(ReadOnlySpan<char> id) => Routing.RegionOrdinal(id) is int region && region != Held.Elsewhere ? region : -1;
}

/// <summary>How current the table is.</summary>
public enum TableState
{
    /// <summary>There is none.</summary>
    Empty,

    /// <summary>There is one, but no service is known to stand behind it just now: the last good one.</summary>
    Stale,

    /// <summary>A service says that it is current.</summary>
    Fresh,
}

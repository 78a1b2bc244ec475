using Google.Protobuf;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>Rows of a slice as messages. Immutable and thread-safe.</summary>
internal sealed class RowMessages(TableSlice slice)
{
    /// <summary>Lists of rows: regions, edges, services, entries, failovers, their rows, endpoints, locations.</summary>
    public const int Sections = 8;

    private readonly TableContent _rows = slice.Rows;

    /// <summary>Where a service is reached at an edge, by <c>service × edges + edge</c>.</summary>
    public static ReadOnlySpan<TableEndpoint> EndpointsOf(EndpointRows rows, int row) =>
        rows.Start.IsEmpty ? [] : rows.Endpoint.AsSpan(rows.Start[row], rows.Start[row + 1] - rows.Start[row]);

    /// <summary>Items of a list that an update sends.</summary>
    public int Count(int section, SliceDifference difference, bool prefixes) => section switch
    {
        0 => difference.Regions ? _rows.Regions.Length : 0,
        1 => difference.Edges ? _rows.Edges.Length : 0,
        2 => difference.Services ? _rows.Services.Length : 0,
        3 => difference.Entries.Length,
        4 => difference.Failovers ? _rows.Failovers.Count : 0,
        5 => difference.FailoverRows.Length,
        6 => difference.Endpoints.Length,
        _ => prefixes ? slice.Prefixes!.Locations.Length : 0,
    };

    /// <summary>Puts an item into a message.</summary>
    /// <returns>Its bytes, about.</returns>
    public int Add(int section, int item, SliceDifference difference, TableRows rows) => section switch
    {
        0 => Put(rows.Regions, RegionOf(item)),
        1 => Put(rows.Edges, EdgeOf(_rows.Edges[item])),
        2 => Put(rows.Services, ServiceOf(_rows.Services[item])),
        3 => Put(rows.Entries, EntryOf(difference.Entries[item])),
        4 => Put(rows.Failovers, FailoverOf(item)),
        5 => Put(rows.FailoverEntries, FailoverEntryOf(difference.FailoverRows[item])),
        6 => Put(rows.Endpoints, EndpointsOf(difference.Endpoints[item])),
        _ => Put(rows.Locations, LocationOf(slice.Prefixes!.Locations[item])),
    };

    private static int Put<T>(Google.Protobuf.Collections.RepeatedField<T> field, T row)
        where T : IMessage
    {
        field.Add(row);
        return row.CalculateSize() + 4;
    }

    private RegionRow RegionOf(int region)
    {
        TableRegion r = _rows.Regions[region];
        return new() { Id = r.Id, Name = r.Name, Jurisdiction = r.Jurisdiction, Bound = r.IsBound, Elsewhere = region == slice.Elsewhere };
    }

    private static EdgeRow EdgeOf(TableEdge e) => new()
    {
        Id = e.Id,
        Operator = e.Operator,
        City = e.City,
        Jurisdiction = e.Jurisdiction,
        FaultDomain = e.FaultDomain,
        State = e.State switch { HealthState.Down => EdgeState.Down, HealthState.Drained => EdgeState.Drained, _ => EdgeState.Up },
    };

    private static ServiceRow ServiceOf(TableService s) => new()
    {
        Id = s.Id,
        Hostnames = { s.Hostnames },
        Profile = (uint)s.Profile,
        Ttl = (uint)s.TtlSeconds,
        OverCapacity = s.OverCapacity == OverCapacityPolicy.Shed ? OverCapacity.TurnAway : OverCapacity.Spill,
        AllDown = s.AllDown switch { AllDownPolicy.Fallback => AllDown.FallbackHost, AllDownPolicy.NoData => AllDown.NoData, _ => AllDown.LastGoodEdges },
        FallbackHost = s.FallbackHost ?? "",
    };

    private static LocationRow LocationOf(ClientLocation location) => new() { Region = location.Region, Network = location.Network };

    private (uint Profile, int Region) KeyOf(int entry)
    {
        (int profile, int region) = Math.DivRem(entry, _rows.Regions.Length + 1);
        return ((uint)profile, region == _rows.Regions.Length ? -1 : region);
    }

    private EntryRow EntryOf(int entry)
    {
        EntryRows rows = _rows.Entries;
        EntryRow message = new() { Overflow = rows.Overflow[entry] };
        (message.Profile, message.Region) = KeyOf(entry);
        for (int i = rows.Start[entry]; i < rows.Start[entry + 1]; i++)
        {
            message.Edges.Add(rows.Edge[i]);
            if (rows.Weight[i] > 0) message.Weights.Add(rows.Weight[i]);
        }
        return message;
    }

    private FailoverRow FailoverOf(int failover)
    {
        FailoverRows rows = _rows.Failovers;
        FailoverRow message = new() { Name = rows.Name[failover] };
        for (int i = rows.FailedStart[failover]; i < rows.FailedStart[failover + 1]; i++) message.Failed.Add(rows.Failed[i]);
        return message;
    }

    private FailoverEntryRow FailoverEntryOf(FailoverChange change)
    {
        FailoverRows rows = _rows.Failovers;
        FailoverEntryRow message = new() { Failover = (uint)change.Failover };
        (message.Profile, message.Region) = KeyOf(change.Entry);
        if (change.Row < 0)
        {
            message.Removed = true;
            return message;
        }
        message.Overflow = rows.Overflow[change.Row];
        for (int i = rows.Start[change.Row]; i < rows.Start[change.Row + 1]; i++)
        {
            message.Edges.Add(rows.Edge[i]);
            message.Weights.Add(rows.Weight[i]);
        }
        return message;
    }

    private EndpointRow EndpointsOf(int row)
    {
        (int service, int edge) = Math.DivRem(row, _rows.EdgeCount);
        return new() { Service = (uint)service, Edge = (uint)edge, Endpoints = { TableAnswers.MessagesOf(EndpointsOf(_rows.Endpoints, row)) } };
    }
}

using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary>
/// Parts of answers that are the same in every reply of one table: endpoint messages, made when first asked for, and the counters of
/// its services. Thread-safe; messages in it are shared by replies and must not be changed.
/// </summary>
internal sealed class TableAnswers
{
    private readonly NodeEndpoint[]?[] _endpoints;
    private readonly ServiceTally[] _tallies;

    /// <summary>Prepares for a table. O(services × nodes) references.</summary>
    public TableAnswers(RoutingTable table, DecisionTally tally)
    {
        Table = table;
        _endpoints = new NodeEndpoint[table.Content.Services.Length * table.Content.NodeCount][];
        _tallies = [.. table.Content.Services.Select(s => tally.Of(s.Id))];
    }

    /// <summary>The table.</summary>
    public RoutingTable Table { get; }

    /// <summary>The counters of a service.</summary>
    public ServiceTally Tally(int service) => _tallies[service];

    /// <summary>Where a node is reached for a service.</summary>
    public NodeEndpoint[] Endpoints(int service, int node)
    {
        // Two threads may make the same row at once; either is good.
        ref NodeEndpoint[]? row = ref _endpoints[service * Table.Content.NodeCount + node];
        return Volatile.Read(ref row) ?? (row = MessagesOf(Table.Endpoints(service, node)));
    }

    /// <summary>Endpoints as messages.</summary>
    public static NodeEndpoint[] MessagesOf(ReadOnlySpan<TableEndpoint> known)
    {
        NodeEndpoint[] made = new NodeEndpoint[known.Length];
        for (int i = 0; i < made.Length; i++) made[i] = new NodeEndpoint { Type = TypeOf(known[i].Type), Value = known[i].Value };
        return made;
    }

    private static Protocol.V1.EndpointType TypeOf(Model.EndpointType type) => type switch
    {
        Model.EndpointType.A => Protocol.V1.EndpointType.A,
        Model.EndpointType.Aaaa => Protocol.V1.EndpointType.Aaaa,
        Model.EndpointType.Cname => Protocol.V1.EndpointType.Cname,
        _ => Protocol.V1.EndpointType.Unspecified,
    };
}

using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>Gathers a world's endpoints into rows by service and node.</summary>
internal static class EndpointTable
{
    public static EndpointRows Build(World world)
    {
        if (world.Facts.Endpoints.IsEmpty) return EndpointRows.None;
        int edges = world.Edges.Length, relays = world.Relays.Length, nodes = edges + relays + world.Origins.Length;
        List<TableEndpoint>[] rows = [.. Enumerable.Range(0, world.Services.Length * nodes).Select(static _ => new List<TableEndpoint>())];
        foreach (ServiceEndpoint endpoint in world.Facts.Endpoints)
        {
            int edge = world.EdgeOrdinal(endpoint.NodeId), relay = world.RelayOrdinal(endpoint.NodeId);
            int node = edge >= 0 ? edge : edges + (relay >= 0 ? relay : relays + world.OriginOrdinal(endpoint.NodeId));
            rows[world.ServiceOrdinal(endpoint.ServiceId) * nodes + node].Add(new(endpoint.Type, endpoint.Value));
        }
        List<int> start = [0];
        foreach (List<TableEndpoint> row in rows) start.Add(start[^1] + row.Count);
        return new([.. start], [.. rows.SelectMany(static r => r)]);
    }
}

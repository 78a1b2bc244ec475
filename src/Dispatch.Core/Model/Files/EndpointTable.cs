using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads <c>endpoints.csv</c> (<c>node_id,service,type,value</c>).</summary>
internal static class EndpointTable
{
    /// <summary>A node may have many addresses for a service, or one host name, as in the DNS.</summary>
    public static ImmutableArray<ServiceEndpoint> Read(WorldDraft draft)
    {
        if (TableReader.Open(draft.Files, "endpoints.csv", required: false) is not { } t) return [];
        Column node = t.Required("node_id"), service = t.Required("service"), type = t.Required("type"), value = t.Required("value");
        if (!t.Begin()) return [];
        ImmutableArray<ServiceEndpoint>.Builder rows = ImmutableArray.CreateBuilder<ServiceEndpoint>();
        Dictionary<ServiceEndpoint, int> lines = [];
        Dictionary<(string, string), (bool IsName, int Line)> forms = [];
        while (t.Next())
        {
            CheckNode(t, node, draft);
            draft.Services.Find(t, service);
            EndpointType kind = t.Word(type, ("A", EndpointType.A), ("AAAA", EndpointType.Aaaa), ("CNAME", EndpointType.Cname));
            ServiceEndpoint row = new(t.Text(node).ToString(), t.Text(service).ToString(), kind, Value(t, value, kind));
            rows.Add(row);
            if (t.IsBroken || row.Value.Length == 0) continue;
            bool isName = kind == EndpointType.Cname;
            if (!lines.TryAdd(row, t.Line)) t.Fault(value, $"must be unique: line {lines[row]} has it too");
            else if (forms.TryAdd((row.NodeId, row.ServiceId), (isName, t.Line))) continue;
            else if (forms[(row.NodeId, row.ServiceId)] is var first && (first.IsName || isName))
                t.Fault(type, $"a host name must be the node's only endpoint for the service: line {first.Line} has one too");
        }
        return rows.ToImmutable();
    }

    private static void CheckNode(TableReader t, Column node, WorldDraft draft)
    {
        foreach (IdIndex known in (ReadOnlySpan<IdIndex>)[draft.Edges, draft.Relays, draft.Origins])
            if (known.Find(t.Text(node)) >= 0) return;
        if (draft.Edges.IsComplete && draft.Relays.IsComplete && draft.Origins.IsComplete)
            t.Fault(node, $"must be an edge of {PlaceTables.EdgesFile}, a relay of {PlaceTables.RelaysFile} or an origin of {PlaceTables.OriginsFile}");
    }

    /// <summary>The value in canonical form; empty with a fault where it is not of its type.</summary>
    private static string Value(TableReader t, Column value, EndpointType kind)
    {
        if (kind == EndpointType.Cname)
        {
            if (HostName.TryNormalize(t.Text(value), out string host)) return host;
            t.Fault(value, HostName.Rule);
            return "";
        }
        bool wantsIPv6 = kind == EndpointType.Aaaa;
        if (ClientAddress.TryParse(t.Text(value), out ClientAddress address) && address.IsIPv6 == wantsIPv6) return address.ToString();
        t.Fault(value, wantsIPv6 ? "must be an IPv6 address (and not an IPv4-mapped one)" : "must be an IPv4 address");
        return "";
    }
}

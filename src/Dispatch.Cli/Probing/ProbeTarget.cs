using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Model;

namespace TrafficDispatch.Cli.Probing;

/// <summary>A node and where it can be tried. It is well while one of its addresses answers.</summary>
/// <param name="Node">The node; an edge, a relay or an origin.</param>
/// <param name="Addresses">At least one; an address, or a name that is looked up at each try.</param>
internal sealed record ProbeTarget(HealthTarget Node, ImmutableArray<DnsEndPoint> Addresses);

/// <summary>Puts together what to try.</summary>
internal static class ProbeTargets
{
    /// <summary>The nodes of a world that have endpoints, each address of theirs once whatever service names it.</summary>
    public static ImmutableArray<ProbeTarget> Of(World world, int port)
    {
        Dictionary<string, HealthScope> kinds = new(StringComparer.Ordinal);
        foreach (Edge edge in world.Edges) kinds[edge.Id] = HealthScope.Edge;
        foreach (Relay relay in world.Relays) kinds[relay.Id] = HealthScope.Relay;
        foreach (Origin origin in world.Origins) kinds[origin.Id] = HealthScope.Origin;
        return
        [
            .. world.Facts.Endpoints.Where(e => kinds.ContainsKey(e.NodeId)).GroupBy(static e => e.NodeId, StringComparer.Ordinal)
                .Select(node => new ProbeTarget(new(kinds[node.Key], node.Key), [.. node.Select(static e => e.Value).Distinct(StringComparer.Ordinal).Select(a => new DnsEndPoint(a, port))])),
        ];
    }

    /// <summary>Reads a file of lines <c>kind:id,host:port</c>; a node may have several. Empty lines and those that begin with <c>#</c> are passed over.</summary>
    /// <param name="lines">The file.</param>
    /// <param name="faults">What is wrong, by line.</param>
    public static ImmutableArray<ProbeTarget> Read(IEnumerable<string> lines, List<string> faults)
    {
        Dictionary<HealthTarget, List<DnsEndPoint>> read = [];
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            int comma = text.LastIndexOf(',');
            if (comma > 0 && HealthTarget.TryParse(text[..comma].Trim(), out HealthTarget node) && node.Scope <= HealthScope.Origin && AddressOf(text[(comma + 1)..].Trim()) is { } address)
            {
                if (!read.TryGetValue(node, out List<DnsEndPoint>? of)) read[node] = of = [];
                of.Add(address);
            }
            else
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"line {number} is '{text}'; it must be edge:ID, relay:ID or origin:ID, a comma, and HOST:PORT"));
            }
        }
        return [.. read.Select(static r => new ProbeTarget(r.Key, [.. r.Value]))];
    }

    /// <summary>All of both; where both have a node, as the second one has it.</summary>
    public static ImmutableArray<ProbeTarget> Merge(ImmutableArray<ProbeTarget> first, ImmutableArray<ProbeTarget> second)
    {
        HashSet<HealthTarget> replaced = [.. second.Select(static t => t.Node)];
        return [.. first.Where(t => !replaced.Contains(t.Node)), .. second];
    }

    private static DnsEndPoint? AddressOf(string text)
    {
        int colon = text.LastIndexOf(':');
        bool isPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue;
        return colon > 0 && isPort ? new(text[..colon].Trim('[', ']'), port) : null;
    }
}

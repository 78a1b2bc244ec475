namespace TrafficDispatch.Table.Audit;

/// <summary>A set of nodes that are down together.</summary>
/// <param name="Name">In words, ready to follow a node's name; empty where nothing is down.</param>
/// <param name="Down">Bit <c>n % 64</c> of word <c>n / 64</c> is set where node n (edges, relays, origins) is down.</param>
internal sealed record Failure(string Name, ulong[] Down)
{
    /// <summary>Everything that may fail at the given depth, nothing and everything among it.</summary>
    public static List<Failure> Of(TableContent content, FailoverDepth depth)
    {
        int nodes = content.NodeCount;
        List<Failure> found = [Make("", nodes, []), Make(" while everything is down", nodes, Enumerable.Range(0, nodes))];
        if (depth == FailoverDepth.Bounds) return found;
        (string Id, string Domain)[] all =
        [
            .. content.Edges.Select(static e => (e.Id, e.FaultDomain)), .. content.Relays.Select(static r => (r.Id, r.FaultDomain)),
            .. content.Origins.Select(static o => (o.Id, o.FaultDomain)),
        ];
        for (int n = 0; n < nodes; n++) found.Add(Make($" while {all[n].Id} is down", nodes, [n]));
        foreach (IGrouping<string, int> domain in Enumerable.Range(0, nodes).GroupBy(n => all[n].Domain, StringComparer.Ordinal))
            found.Add(Make($" while fault domain {domain.Key} is down", nodes, domain));
        return found;
    }

    private static Failure Make(string name, int nodes, IEnumerable<int> down)
    {
        ulong[] bits = new ulong[(nodes + 63) / 64];
        foreach (int n in down) bits[n >> 6] |= 1UL << (n & 63);
        return new(name, bits);
    }
}

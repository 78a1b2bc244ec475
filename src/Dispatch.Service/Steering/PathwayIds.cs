using System.Globalization;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Steering;

/// <summary>
/// Pathway ids of one table's edges, of the letters, digits, <c>.</c>, <c>-</c> and <c>_</c> that HLS and DASH allow: the edge's id where it has no other
/// character, else that with <c>_</c> in their place and eight digits of its hash behind it. Immutable and thread-safe.
/// </summary>
internal sealed class PathwayIds
{
    private readonly string[] _ids;
    private readonly Dictionary<string, int> _edges = new(StringComparer.Ordinal);

    /// <summary>Makes the ids. O(edges).</summary>
    /// <param name="table">The table.</param>
    /// <param name="taken">An id that no edge may have: that of the base pathway.</param>
    public PathwayIds(RoutingTable table, string taken)
    {
        Table = table;
        _ids = [.. table.Content.Edges.Select(e => Of(e.Id, taken))];
        for (int edge = 0; edge < _ids.Length; edge++) _edges.TryAdd(_ids[edge], edge);
    }

    /// <summary>The table.</summary>
    public RoutingTable Table { get; }

    /// <summary>Id of an edge's pathway.</summary>
    public string this[int edge] => _ids[edge];

    /// <summary>The edge of a pathway; −1 where there is none.</summary>
    public int EdgeOf(string pathway) => _edges.GetValueOrDefault(pathway, -1);

    /// <summary>True for an id that HLS and DASH allow.</summary>
    public static bool IsValid(string id) => id.Length > 0 && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static string Of(string edge, string taken)
    {
        if (IsValid(edge) && edge != taken) return edge;
        string plain = new([.. edge.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')]);
        return string.Create(CultureInfo.InvariantCulture, $"{plain}-{(uint)(AvoidedHops.Hash(edge) >> 32):x8}");
    }
}

using System.Globalization;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>How large a made-up dispatch network is.</summary>
/// <param name="Groups">Client groups, at least 1.</param>
/// <param name="Candidates">Candidate edges of each group, 1 to <paramref name="Edges"/>.</param>
/// <param name="Edges">Edges, 1 to 2^20.</param>
/// <param name="Relays">Relays of a layered network, 1 to 2^20.</param>
/// <param name="Origins">Origins of a layered network, 1 to 2^20.</param>
public sealed record SyntheticSize(int Groups, int Candidates, int Edges, int Relays, int Origins)
{
    /// <summary>The largest number of edges, relays or origins (2^20).</summary>
    public const int MaxPlaces = 1 << 20;

    /// <summary>The sizes by name: S, M, L (planet size) and XL (stress).</summary>
    /// <returns>Null for any other name.</returns>
    public static SyntheticSize? Named(string name) => name switch
    {
        "S" => new(1_000, 16, 100, 20, 5),
        "M" => new(10_000, 32, 500, 60, 12),
        "L" => new(50_000, 64, 2_000, 200, 30),
        "XL" => new(200_000, 64, 4_000, 400, 50),
        _ => null,
    };

    /// <summary>A size by name, or by numbers: <c>GROUPSxCANDIDATESxEDGES</c>, with a relay for 12 edges and an origin for 5 relays, or
    /// <c>GROUPSxCANDIDATESxEDGESxRELAYSxORIGINS</c>.</summary>
    /// <returns>Null for any other text, and for sizes that are no network.</returns>
    public static SyntheticSize? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Named(text) is { } known) return known;
        List<int> n = [];
        foreach (string part in text.Split('x'))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return null;
            n.Add(number);
        }
        SyntheticSize? size = n.Count switch
        {
            3 => new(n[0], n[1], n[2], Math.Max(4, n[2] / 12), Math.Max(2, n[2] / 60)),
            5 => new(n[0], n[1], n[2], n[3], n[4]),
            _ => null,
        };
        return size is { Fault: null } ? size : null;
    }

    /// <summary>What makes the size impossible; null where nothing does.</summary>
    internal string? Fault =>
        Groups < 1 ? "there must be at least one group"
        : Math.Min(Math.Min(Edges, Relays), Origins) < 1 ? "there must be at least one edge, relay and origin"
        : Math.Max(Math.Max(Edges, Relays), Origins) > MaxPlaces ? $"there may be at most {MaxPlaces} edges, relays or origins"
        : Candidates < 1 || Candidates > Edges ? "candidates must be 1 to the number of edges"
        : (Groups + 3L) * (Candidates + 2) > Flow.FlowNetwork.MaxArcs ? $"at most {Flow.FlowNetwork.MaxArcs} arcs fit"
        : null;
}

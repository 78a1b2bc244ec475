namespace TrafficDispatch.Solve.Synthetic;

/// <summary>How large a made-up dispatch network is.</summary>
/// <param name="Groups">Client groups, at least 1.</param>
/// <param name="Candidates">Candidate edges of each group, 1 to <paramref name="Edges"/>.</param>
/// <param name="Edges">Edges, at least 1.</param>
/// <param name="Relays">Relays of a layered network, at least 1.</param>
/// <param name="Origins">Origins of a layered network, at least 1.</param>
public sealed record SyntheticSize(int Groups, int Candidates, int Edges, int Relays, int Origins)
{
    /// <summary>The sizes by name: S, M, L (planet size) and XL (stress).</summary>
    /// <returns>Null for any other name.</returns>
    public static SyntheticSize? Named(string name) => name switch
    {
        "S" => new(1_000, 16, 100, 12, 4),
        "M" => new(10_000, 32, 500, 50, 6),
        "L" => new(50_000, 64, 2_000, 200, 8),
        "XL" => new(200_000, 64, 4_000, 400, 12),
        _ => null,
    };
}

namespace TrafficDispatch.Measure;

/// <summary>
/// What makes a path cell, packed so that cells sorted by it stand by region, edge, reporter and network: 18, 16, 14 and 16 bits.
/// </summary>
/// <param name="Packed">The key.</param>
internal readonly record struct PathKey(ulong Packed)
{
    public const int MostRegions = 1 << RegionBits, MostEdges = 1 << EdgeBits, MostReporters = 1 << ReporterBits, MostNetworks = 1 << NetworkBits;

    private const int RegionBits = 18, EdgeBits = 16, ReporterBits = 14, NetworkBits = 16;

    public int Region => (int)(Packed >> (64 - RegionBits));

    public int Edge => (int)((Packed >> (ReporterBits + NetworkBits)) & (MostEdges - 1));

    public int Reporter => (int)((Packed >> NetworkBits) & (MostReporters - 1));

    public int Network => (int)(Packed & (MostNetworks - 1));

    /// <summary>Region and edge alone.</summary>
    public ulong Pair => Packed >> (ReporterBits + NetworkBits);

    /// <summary>The same with network before reporter: sorts the reporters of a network together.</summary>
    public ulong ByNetwork => (Pair << (ReporterBits + NetworkBits)) | ((ulong)Network << ReporterBits) | (uint)Reporter;

    /// <summary>The key that <see cref="ByNetwork"/> was made from.</summary>
    public static PathKey FromByNetwork(ulong sorted) => new(
        (sorted & ~((1UL << (ReporterBits + NetworkBits)) - 1)) | (sorted & (MostReporters - 1)) << NetworkBits | (sorted >> ReporterBits & (MostNetworks - 1)));

    public static PathKey Of(int region, int edge, int reporter, int network) =>
        new(((ulong)region << (64 - RegionBits)) | ((ulong)edge << (ReporterBits + NetworkBits)) | ((ulong)reporter << NetworkBits) | (uint)network);
}

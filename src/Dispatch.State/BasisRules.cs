namespace TrafficDispatch.State;

/// <summary>What every archive of bases asks of its callers.</summary>
internal static class BasisRules
{
    private const int LongestSnapshot = 500;

    /// <summary>Checks a snapshot's name.</summary>
    /// <exception cref="ArgumentException">It breaks its rule.</exception>
    public static void Check(ArchivedBasis basis)
    {
        if (basis.Snapshot.Length is 0 or > LongestSnapshot || basis.Snapshot.Any(char.IsControl))
            throw new ArgumentException($"A snapshot's name has 1 to {LongestSnapshot} characters and no line ends.", nameof(basis));
    }
}

using System.Collections.Immutable;

namespace TrafficDispatch.Service.Serving;

/// <summary>What a source says about edges that serve, but not all that would fall to them. Immutable; equal where it says the same.</summary>
/// <param name="Kept">Edges that keep only part of their clients, by id.</param>
/// <param name="Full">Ids of edges that take nobody whom another edge gives away, in order.</param>
public sealed record EdgeWeights(ImmutableArray<EdgeWeight> Kept, ImmutableArray<string> Full)
{
    /// <summary>Every edge keeps all.</summary>
    public static readonly EdgeWeights None = new([], []);

    /// <summary>True where it says nothing.</summary>
    public bool IsEmpty => Kept.IsEmpty && Full.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(EdgeWeights? other) => other is not null && Kept.SequenceEqual(other.Kept) && Full.SequenceEqual(other.Full, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kept.Length, Full.Length);
}

/// <summary>An edge that keeps part of its clients.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="Percent">What it keeps, 0 to 99.</param>
public sealed record EdgeWeight(string EdgeId, byte Percent);

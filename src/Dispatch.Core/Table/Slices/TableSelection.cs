using System.Collections.Immutable;

namespace TrafficDispatch.Table;

/// <summary>Which part of tables somebody wants to hold. Immutable; equal where it asks for the same in the same order.</summary>
/// <param name="Regions">Ids of regions, each once; empty for all.</param>
/// <param name="Services">Ids of services, each once; empty for all.</param>
/// <param name="Prefixes">True to hold the client prefixes, too; false where clients are only asked for by region.</param>
public sealed record TableSelection(ImmutableArray<string> Regions, ImmutableArray<string> Services, bool Prefixes)
{
    /// <summary>Everything.</summary>
    public static readonly TableSelection Everything = new([], [], true);

    /// <inheritdoc/>
    public bool Equals(TableSelection? other) => other is not null && Prefixes == other.Prefixes
        && Regions.AsSpan().SequenceEqual(other.Regions.AsSpan()) && Services.AsSpan().SequenceEqual(other.Services.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (string id in Regions) hash.Add(id, StringComparer.Ordinal);
        hash.Add(Prefixes);
        foreach (string id in Services) hash.Add(id, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}

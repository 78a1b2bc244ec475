using System.Collections.Immutable;

namespace TrafficDispatch.Table;

/// <summary>
/// The part of a table that a <see cref="TableSelection"/> asks for: decisions for its regions and services come out as the whole table's.
/// Immutable and thread-safe. Edges keep their ordinals; regions, services and profiles are numbered anew.
/// </summary>
public sealed class TableSlice
{
    private TableSlice(TableContent rows, int elsewhere, SlicePrefixes? prefixes) =>
        (Rows, Elsewhere, Prefixes, RowsHash) = (rows, elsewhere, prefixes, SliceHash.OfRows(rows));

    /// <summary>All but prefixes and locations, which are empty in it. Relays, origins, paths and streams are left out.</summary>
    public TableContent Rows { get; }

    /// <summary>Ordinal of the region that stands for all regions outside of the selection, the last one; −1 where none are outside. Its entries are empty.</summary>
    public int Elsewhere { get; }

    /// <summary>Prefixes and what they point at; null where they are not selected.</summary>
    public SlicePrefixes? Prefixes { get; }

    /// <summary>SHA-256 that names the rows, see <see cref="SliceHash.OfRows"/>.</summary>
    public ImmutableArray<byte> RowsHash { get; }

    /// <summary>Cuts the part out. O(content without prefixes).</summary>
    /// <param name="content">A sound content.</param>
    /// <param name="selection">What is wanted; ids that the content does not have are left out.</param>
    /// <returns>Null where the content has none of the selected services.</returns>
    public static TableSlice? Of(TableContent content, TableSelection selection)
    {
        int[] regions = Ordinals(content.Regions.Select(static r => r.Id), selection.Regions);
        int[] services = Ordinals(content.Services.Select(static s => s.Id), selection.Services);
        if (services.Length == 0) return null;
        bool some = regions.Length < content.Regions.Length;
        SliceCut cut = new(content, regions, services, some);
        return new(cut.Rows(), some ? regions.Length : -1, selection.Prefixes ? cut.Prefixes() : null);
    }

    /// <summary>Where the selected ids stand, in the content's order; all where none are selected.</summary>
    private static int[] Ordinals(IEnumerable<string> ids, ImmutableArray<string> selected)
    {
        HashSet<string>? wanted = selected.IsEmpty ? null : new(selected, StringComparer.Ordinal);
        List<int> ordinals = [];
        int ordinal = 0;
        foreach (string id in ids)
        {
            if (wanted is null || wanted.Contains(id)) ordinals.Add(ordinal);
            ordinal++;
        }
        return [.. ordinals];
    }
}

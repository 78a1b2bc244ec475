using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>
/// An update on its way in: collects messages and, at the end, gives the table that they lead to, or none. What is held is never touched, so an
/// update that breaks off leaves no trace. One thread.
/// </summary>
internal sealed class UpdateDraft
{
    private readonly HeldTable? _before;
    private readonly UpdateBegin _begin;
    private readonly TableSelection _selection;
    private readonly List<TableRows> _rows = [];
    private readonly PrefixRangesBuilder _v4 = new(false), _v6 = new(true);

    /// <param name="before">What is held; null for nothing.</param>
    /// <param name="begin">The first message.</param>
    /// <param name="selection">What was asked for.</param>
    /// <exception cref="InvalidDataException">It does not start from what is held, or its numbers are out of range.</exception>
    public UpdateDraft(HeldTable? before, UpdateBegin begin, TableSelection selection)
    {
        (_before, _begin, _selection) = (before, begin, selection);
        if (begin.TableEpoch > long.MaxValue || begin.TableVersion > long.MaxValue || begin.Profiles is 0 or > ushort.MaxValue)
            throw new InvalidDataException("The update's version or number of profiles is out of range.");
        if (begin.BuiltAtUnixMs < 0 || begin.BuiltAtUnixMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) throw new InvalidDataException("The update's time is out of range.");
        Version = new((long)begin.TableEpoch, (long)begin.TableVersion);
        bool fits = begin.Full || (before is not null && begin.FromEpoch == (ulong)before.Table.Version.Epoch && begin.FromVersion == (ulong)before.Table.Version.Number);
        if (!fits) throw new InvalidDataException($"The update starts from {begin.FromEpoch}.{begin.FromVersion}, not from what is held.");
        bool lists = !begin.Full || (begin.NewRegions && begin.NewEdges && begin.NewServices && begin.NewFailovers);
        bool prefixes = selection.Prefixes ? begin.NewPrefixes || before is { HasPrefixes: true } : !begin.NewPrefixes;
        if (!lists || !prefixes) throw new InvalidDataException("The update leaves out a list that is not held, or brings one that was not asked for.");
    }

    /// <summary>The version that it leads to.</summary>
    public TableVersion Version { get; }

    /// <summary>Takes the overlay; it comes last.</summary>
    public OverlayState Overlay { get; set; } = new();

    /// <summary>Takes rows.</summary>
    public void Add(TableRows rows) => _rows.Add(rows);

    /// <summary>Takes ranges.</summary>
    /// <exception cref="InvalidDataException">Their columns do not fit, or they are out of order.</exception>
    public void Add(Protocol.V1.PrefixRanges ranges)
    {
        int count = ranges.Location.Count;
        bool fits = ranges.Matched.Count == count && (ranges.Ipv6
            ? ranges.StartHigh.Count == count && (ranges.StartLow.Count == count || ranges.StartLow.Count == 0)
            : ranges.StartV4.Count == count);
        if (!fits || !_begin.NewPrefixes) throw new InvalidDataException("Columns of ranges differ in length, or nobody announced them.");
        PrefixRangesBuilder into = ranges.Ipv6 ? _v6 : _v4;
        for (int i = 0; i < count; i++)
        {
            UInt128 start = ranges.Ipv6
                ? new UInt128(ranges.StartHigh[i], ranges.StartLow.Count > 0 ? ranges.StartLow[i] : 0)
                : (UInt128)ranges.StartV4[i] << 96;
            bool small = ranges.Location[i] <= PrefixIndex.MaxLocation + 1 && ranges.Matched[i] <= 129;
            if (!small || !into.TryAdd(start, (int)ranges.Location[i] - 1, (int)ranges.Matched[i] - 1))
                throw new InvalidDataException("A range is out of order, or its location or length is out of range.");
        }
    }

    /// <summary>The table that the update leads to.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself, or is not what the service says it should be.</exception>
    public HeldTable Finish(UpdateEnd end)
    {
        bool changed = _begin.Full || _begin.NewPrefixes || _rows.Count > 0 || _begin.NewRegions || _begin.NewEdges || _begin.NewServices || _begin.NewFailovers;
        HeldTable next = changed ? Build() : _before! with { Table = _before!.Table.With(Version) };
        if (!next.RowsHash.AsSpan().SequenceEqual(end.RowsHash.Span)) throw new InvalidDataException("The rows are not those of the service: their hashes differ.");
        if (!next.PrefixHash.AsSpan().SequenceEqual(end.PrefixHash.Span)) throw new InvalidDataException("The prefixes are not those of the service: their hashes differ.");
        return next;
    }

    private HeldTable Build()
    {
        TableContent? before = _begin.Full ? null : _before!.Table.Content;
        ImmutableArray<RegionRow> regions = [.. _rows.SelectMany(static r => r.Regions)];
        int elsewhere = _begin.NewRegions ? ElsewhereIn(regions) : _before!.Elsewhere;
        RowMerge merge = new(before, _begin, _rows);
        (PrefixIndex prefixes, ImmutableArray<ClientLocation> locations) = Prefixes();
        TableContent content = merge.Content(prefixes, locations);
        RoutingTable table;
        try
        {
            table = RoutingTable.Create(content, Version, DateTimeOffset.FromUnixTimeMilliseconds(_begin.BuiltAtUnixMs));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The table contradicts itself: {e.Message}", e);
        }
        bool holds = _selection.Prefixes;
        ImmutableArray<byte> prefixHash = !holds ? [] : _begin.NewPrefixes ? SliceHash.OfPrefixes(content) : _before!.PrefixHash;
        return new(table, elsewhere, holds, _selection.Services.IsEmpty, SliceHash.OfRows(content), prefixHash);
    }

    private (PrefixIndex Index, ImmutableArray<ClientLocation> Locations) Prefixes()
    {
        if (!_begin.NewPrefixes) return _before is { } held ? (held.Table.Content.Prefixes, held.Table.Content.Locations) : (PrefixIndex.Empty, []);
        if (!_v4.TryBuild(out Table.PrefixRanges? v4) || !_v6.TryBuild(out Table.PrefixRanges? v6)) throw new InvalidDataException("Ranges of a family are missing.");
        return (PrefixIndex.FromRanges(v4, v6), [.. _rows.SelectMany(static r => r.Locations).Select(static l => new ClientLocation(l.Region, l.Network))]);
    }

    private static int ElsewhereIn(ImmutableArray<RegionRow> regions)
    {
        for (int i = 0; i < regions.Length; i++)
            if (regions[i].Elsewhere) return i;
        return -1;
    }
}

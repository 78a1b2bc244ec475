using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>Cuts a part out of one content. One thread.</summary>
internal sealed class SliceCut
{
    private readonly TableContent _content;
    private readonly int[] _regions, _services, _profiles;
    private readonly bool _hasElsewhere;

    /// <param name="content">The whole.</param>
    /// <param name="regions">Regions to keep, rising.</param>
    /// <param name="services">Services to keep, rising, at least one.</param>
    /// <param name="hasElsewhere">True to put a region for all others behind.</param>
    public SliceCut(TableContent content, int[] regions, int[] services, bool hasElsewhere)
    {
        (_content, _regions, _services, _hasElsewhere) = (content, regions, services, hasElsewhere);
        _profiles = [.. services.Select(s => content.Services[s].Profile).Distinct()];
    }

    private bool IsWhole => !_hasElsewhere && _services.Length == _content.Services.Length
        && _profiles.Length == _content.Entries.Profiles && _profiles.SequenceEqual(Enumerable.Range(0, _profiles.Length));

    public TableContent Rows() => new()
    {
        WorldVersion = _content.WorldVersion,
        UtcHour = _content.UtcHour,
        ClientGranuleV4 = _content.ClientGranuleV4,
        ClientGranuleV6 = _content.ClientGranuleV6,
        Regions = [.. _regions.Select(r => _content.Regions[r]), .. Elsewhere()],
        Locations = [],
        Prefixes = PrefixIndex.Empty,
        Edges = _content.Edges,
        Services = [.. _services.Select(s => _content.Services[s] with { Profile = Array.IndexOf(_profiles, _content.Services[s].Profile) })],
        Entries = IsWhole ? _content.Entries : Entries(),
        Endpoints = Endpoints(),
        Failovers = IsWhole ? _content.Failovers with { Law = [] } : Failovers(),
    };

    /// <summary>Prefixes point at the kept locations; all others' clients are elsewhere.</summary>
    public SlicePrefixes Prefixes()
    {
        if (!_hasElsewhere) return new(_content.Prefixes, null, _content.Locations, -1);
        Dictionary<int, int> kept = Places(_regions);
        int[] map = new int[_content.Locations.Length];
        List<ClientLocation> locations = [];
        int elsewhere = -1;
        for (int i = 0; i < map.Length; i++)
        {
            ClientLocation location = _content.Locations[i];
            if (location.Region < 0 || kept.ContainsKey(location.Region))
            {
                map[i] = locations.Count;
                locations.Add(location with { Region = location.Region < 0 ? -1 : kept[location.Region] });
                continue;
            }
            if (elsewhere < 0)
            {
                elsewhere = locations.Count;
                locations.Add(new(_regions.Length, ""));
            }
            map[i] = elsewhere;
        }
        return new(_content.Prefixes, map, [.. locations], elsewhere);
    }

    private IEnumerable<TableRegion> Elsewhere()
    {
        if (!_hasElsewhere) yield break;
        string id = "*";
        while (_regions.Any(r => _content.Regions[r].Id == id)) id += "*";
        yield return new(id, "", "");
    }

    private static Dictionary<int, int> Places(int[] ordinals) => ordinals.Select(static (o, i) => (o, i)).ToDictionary(static p => p.o, static p => p.i);

    private EntryRows Entries()
    {
        EntryRows rows = _content.Entries;
        RowsBuilder built = new();
        foreach (int profile in _profiles)
        {
            int first = profile * (_content.Regions.Length + 1);
            foreach (int region in _regions) Copy(first + region);
            if (_hasElsewhere) built.Close(0);
            Copy(first + _content.Regions.Length);
        }
        return built.ToEntries(_profiles.Length);

        void Copy(int entry)
        {
            (int start, int end) = (rows.Start[entry], rows.Start[entry + 1]);
            built.Add(rows.Edge.AsSpan(start, end - start), rows.Weight.AsSpan(start, end - start));
            built.Close(rows.Overflow[entry]);
        }
    }

    /// <summary>Of edges alone; rows stand service by service.</summary>
    private EndpointRows Endpoints()
    {
        EndpointRows rows = _content.Endpoints;
        if (rows.Start.IsEmpty) return EndpointRows.None;
        List<int> start = [0];
        List<TableEndpoint> kept = [];
        foreach (int service in _services)
        {
            int first = service * _content.NodeCount;
            for (int row = first; row < first + _content.EdgeCount; row++)
            {
                kept.AddRange(rows.Endpoint.AsSpan(rows.Start[row], rows.Start[row + 1] - rows.Start[row]));
                start.Add(kept.Count);
            }
        }
        return new([.. start], [.. kept]);
    }

    /// <summary>Failovers with a row for a kept entry: without one they answer as if they were not planned.</summary>
    private FailoverRows Failovers()
    {
        FailoverRows rows = _content.Failovers;
        Dictionary<int, int> regions = Places(_regions), profiles = Places(_profiles);
        int whole = _content.Regions.Length + 1, slots = _regions.Length + (_hasElsewhere ? 2 : 1);
        List<string> names = [];
        List<int> failedStart = [0], rowStart = [0], entries = [];
        List<ushort> failed = [];
        RowsBuilder built = new();
        for (int f = 0; f < rows.Count; f++)
        {
            int before = entries.Count;
            foreach ((int entry, int row) in Kept(f).Order())
            {
                entries.Add(entry);
                (int start, int end) = (rows.Start[row], rows.Start[row + 1]);
                built.Add(rows.Edge.AsSpan(start, end - start), rows.Weight.AsSpan(start, end - start));
                built.Close(rows.Overflow[row]);
            }
            if (entries.Count == before) continue;
            names.Add(rows.Name[f]);
            failed.AddRange(rows.Failed.AsSpan(rows.FailedStart[f], rows.FailedStart[f + 1] - rows.FailedStart[f]));
            failedStart.Add(failed.Count);
            rowStart.Add(entries.Count);
        }
        return names.Count == 0 ? FailoverRows.None
            : built.ToFailovers([.. names], [.. failedStart], [.. failed], [.. rowStart], [.. entries]);

        // Profiles may stand in another order than before: entries must rise again.
        IEnumerable<(int Entry, int Row)> Kept(int f)
        {
            for (int row = rows.RowStart[f]; row < rows.RowStart[f + 1]; row++)
            {
                (int profile, int region) = Math.DivRem(rows.Entry[row], whole);
                if (profiles.TryGetValue(profile, out int p) && regions.TryGetValue(region, out int r)) yield return (p * slots + r, row);
            }
        }
    }
}

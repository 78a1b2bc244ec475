using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>Turns volumes and reduced costs into table entries: shares first, then ranked backups.</summary>
internal sealed class EntryBuilder(World world)
{
    /// <summary>Backups an entry carries at most.</summary>
    public const int MaxBackups = 8;

    /// <summary>Backups of one fault domain while others are left: a list that fails together backs nothing up.</summary>
    private const int MaxPerFaultDomain = 2;

    private readonly List<int> _start = [0];
    private readonly List<ushort> _edge = [];
    private readonly List<ushort> _weight = [];
    private readonly List<ushort> _overflow = [];

    /// <summary>Adds the next entry.</summary>
    /// <param name="chosen">Edges with their volumes, above 0; may be empty.</param>
    /// <param name="overflow">Volume that nobody serves.</param>
    /// <param name="rank">By edge ordinal, what backups are ranked by, smallest first; <see cref="CostModel.NotAllowed"/> forbids.</param>
    public void Add(IReadOnlyList<(int Edge, long Volume)> chosen, long overflow, ReadOnlySpan<long> rank)
    {
        (int Edge, long Volume)[] ordered = [.. chosen.OrderByDescending(static c => c.Volume).ThenBy(static c => c.Edge)];
        ushort[] weights = new ushort[ordered.Length];
        ushort overflowShare = 0;
        if (ordered.Length > 0 || overflow > 0) Shares.Quantise([.. ordered.Select(static c => c.Volume)], overflow, weights, out overflowShare);
        for (int i = 0; i < ordered.Length; i++) Append(ordered[i].Edge, weights[i]);
        HashSet<int> held = [.. ordered.Select(static c => c.Edge)];
        foreach (int backup in Backups(rank, held)) Append(backup, 0);
        _start.Add(_edge.Count);
        _overflow.Add(overflowShare);
    }

    public EntryRows Build(int profiles) => new(profiles, [.. _start], [.. _edge], [.. _weight], [.. _overflow]);

    private void Append(int edge, ushort weight)
    {
        _edge.Add((ushort)edge);
        _weight.Add(weight);
    }

    private List<int> Backups(ReadOnlySpan<long> rank, HashSet<int> held)
    {
        List<(long Rank, int Edge)> left = [];
        for (int e = 0; e < rank.Length; e++)
            if (rank[e] != CostModel.NotAllowed && !held.Contains(e)) left.Add((rank[e], e));
        left.Sort();
        List<int> backups = [];
        Dictionary<string, int> perDomain = new(StringComparer.Ordinal);
        foreach (int e in held) perDomain[world.Edges[e].FaultDomain] = perDomain.GetValueOrDefault(world.Edges[e].FaultDomain) + 1;
        Take(left, backups, e => perDomain.GetValueOrDefault(world.Edges[e].FaultDomain) < MaxPerFaultDomain, perDomain);
        Take(left, backups, e => !backups.Contains(e), perDomain);
        return backups;
    }

    private void Take(List<(long Rank, int Edge)> left, List<int> backups, Func<int, bool> fits, Dictionary<string, int> perDomain)
    {
        foreach ((_, int e) in left)
        {
            if (backups.Count == MaxBackups) return;
            if (!fits(e)) continue;
            backups.Add(e);
            perDomain[world.Edges[e].FaultDomain] = perDomain.GetValueOrDefault(world.Edges[e].FaultDomain) + 1;
        }
    }
}

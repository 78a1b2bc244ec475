using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Ingest;

/// <summary>What operators say of nodes, as far as this process knows: it survives a store that is away, damaged or emptied. Used by one thread at a time.</summary>
internal sealed class OverrideBook
{
    private readonly Dictionary<string, HealthOverride> _lost = new(StringComparer.Ordinal);
    private ImmutableArray<HealthOverride> _held = [];
    private long _revision;

    /// <summary>Overrides that the store has lost and should be given back.</summary>
    public ImmutableArray<HealthOverride> Lost => [.. _lost.Values];

    /// <summary>
    /// Takes the list of the store. What it can no longer read of an entry stays as it was read before. A revision that fell tells that the store was emptied
    /// or an old copy of it restored: what it no longer has stays in force and is <see cref="Lost"/>.
    /// </summary>
    public void Take(OverrideList list, DateTimeOffset now)
    {
        HashSet<string> there = [.. list.Overrides.Select(static o => o.Name)], damaged = [.. list.Damaged];
        ImmutableArray<HealthOverride> missing = [.. At(now).Where(o => !there.Contains(o.Name))];
        if (list.Revision < _revision)
            foreach (HealthOverride gone in missing) _lost[gone.Name] = gone;
        foreach (string name in _lost.Keys.Where(n => there.Contains(n) || !_lost[n].HoldsAt(now)).ToList()) _lost.Remove(name);
        _held = [.. list.Overrides, .. missing.Where(o => damaged.Contains(o.Name) || _lost.ContainsKey(o.Name))];
        _revision = list.Revision;
    }

    /// <summary>Notes that the store has an override again; what becomes of it from now on is in its list.</summary>
    public void GaveBack(HealthOverride entry) => _lost.Remove(entry.Name);

    /// <summary>What holds now.</summary>
    public ImmutableArray<HealthOverride> At(DateTimeOffset now)
    {
        if (_held.Any(o => !o.HoldsAt(now))) _held = [.. _held.Where(o => o.HoldsAt(now))];
        return _held;
    }

    /// <summary>The same as statements; several about one target stay several, and the worst counts.</summary>
    public ImmutableArray<HealthStatement> Statements(DateTimeOffset now) => [.. At(now).Select(static o => o.Statement)];
}

using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// Adds up what automation has taken away and says whether one more node fits: within all nodes of a kind and within each fault domain. One object a
/// reckoning.
/// </summary>
internal sealed class TakenCap
{
    private readonly HealthSettings _settings;
    private readonly Dictionary<(HealthScope, string), double> _all = [], _taken = [];

    public TakenCap(HealthSettings settings, IEnumerable<NodeFacts> nodes)
    {
        _settings = settings;
        foreach (NodeFacts node in nodes)
        {
            Add(_all, (node.Kind, ""), node.Weight);
            Add(_all, (node.Kind, Domain(node)), node.Weight);
        }
    }

    /// <summary>Counts a part of a node as taken whatever the cap: it was let through before.</summary>
    public void Count(in NodeFacts node, double part)
    {
        Add(_taken, (node.Kind, ""), node.Weight * part);
        Add(_taken, (node.Kind, Domain(node)), node.Weight * part);
    }

    /// <summary>Takes a whole node where it fits.</summary>
    public bool TryTake(in NodeFacts node)
    {
        if (!Fits((node.Kind, ""), node.Weight, _settings.MostTakenPercent) || !Fits((node.Kind, Domain(node)), node.Weight, _settings.MostTakenDomainPercent)) return false;
        Count(node, 1);
        return true;
    }

    /// <summary>What of all nodes of a kind is taken, percent.</summary>
    public double Percent(HealthScope kind) =>
        _all.GetValueOrDefault((kind, "")) is > 0 and double all ? 100 * _taken.GetValueOrDefault((kind, "")) / all : 0;

    private bool Fits((HealthScope, string) pool, double weight, int percent) =>
        (_taken.GetValueOrDefault(pool) + weight) * 100 <= _all.GetValueOrDefault(pool) * percent * (1 + 1e-12);

    // No fault domain is written like this, so that the pool of all nodes has a key of its own.
    private static string Domain(in NodeFacts node) => "in " + node.Domain;

    private static void Add(Dictionary<(HealthScope, string), double> sums, (HealthScope, string) key, double weight) =>
        sums[key] = sums.GetValueOrDefault(key) + weight;
}

using System.Collections.Immutable;

namespace TrafficDispatch.Service.Change;

/// <summary>A person's leave to pass over rules of the guard, for one cycle.</summary>
/// <param name="by">Who gives it.</param>
/// <param name="rules">The rules; empty for every rule that may be passed over at all.</param>
internal sealed class ForcePermit(string by, IReadOnlyCollection<string> rules)
{
    /// <summary>Who gives it.</summary>
    public string By => by;

    /// <summary>Rules that were passed over with it.</summary>
    public ImmutableArray<string> Used { get; private set; } = [];

    /// <summary>Uses it, where it covers all of these rules.</summary>
    public bool TryUse(IEnumerable<string> broken)
    {
        string[] all = [.. broken.Distinct()];
        if (rules.Count > 0 && !all.All(rules.Contains)) return false;
        Used = [.. all];
        return true;
    }
}

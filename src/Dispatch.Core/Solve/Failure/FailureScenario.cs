using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Failure;

/// <summary>What fails at once.</summary>
public enum FailureKind
{
    /// <summary>All edges of a fault domain, across operators.</summary>
    Domain,

    /// <summary>One edge.</summary>
    Edge,

    /// <summary>All edges of an operator.</summary>
    Operator,
}

/// <summary>A failure to be ready for: healthy edges that go down together.</summary>
/// <param name="Names">What goes down, written <c>kind:id</c>, for instance <c>domain:HK:Hong Kong</c>; several where they are the same edges.
/// The first is the widest: domain before edge before operator.</param>
/// <param name="Edges">Ordinals of the healthy edges among them, ascending; at least one.</param>
public sealed record FailureScenario(ImmutableArray<string> Names, ImmutableArray<int> Edges)
{
    /// <summary>The first of <see cref="Names"/>.</summary>
    public string Name => Names[0];

    /// <summary>
    /// Every fault domain, every edge and, if asked for, every operator, in this order and by id; those with the same edges are one
    /// scenario. What has no healthy edge left has nothing to lose and is no scenario.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="operators">True to let whole operators fail, too.</param>
    public static ImmutableArray<FailureScenario> AllOf(World world, bool operators)
    {
        Dictionary<string, (List<string> Names, ImmutableArray<int> Edges)> found = new(StringComparer.Ordinal);
        List<string> order = [];
        Add("domain", static e => e.FaultDomain);
        Add("edge", static e => e.Id);
        if (operators) Add("operator", static e => e.Operator);
        return [.. order.Select(key => new FailureScenario([.. found[key].Names], found[key].Edges))];

        void Add(string kind, Func<Edge, string> id)
        {
            IEnumerable<IGrouping<string, int>> sets = Enumerable.Range(0, world.Edges.Length)
                .Where(e => world.Health.Of(world.Edges[e]).CanServe)
                .GroupBy(e => id(world.Edges[e]), StringComparer.Ordinal).OrderBy(static s => s.Key, StringComparer.Ordinal);
            foreach (IGrouping<string, int> set in sets)
            {
                string key = string.Join(',', set);
                if (!found.TryGetValue(key, out (List<string> Names, ImmutableArray<int> Edges) same)) order.Add(key);
                found[key] = same.Names is null ? ([$"{kind}:{set.Key}"], [.. set]) : ([.. same.Names, $"{kind}:{set.Key}"], same.Edges);
            }
        }
    }
}

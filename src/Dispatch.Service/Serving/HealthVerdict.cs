using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Serving;

/// <summary>What probes come to at a moment. Immutable.</summary>
/// <param name="Down">Nodes that answers leave out.</param>
/// <param name="Returning">Edges on their way back, with what they keep of their clients.</param>
/// <param name="Held">Nodes, as <c>kind:id</c>, that a quorum holds down and that serve on all the same because the cap is reached: an alarm.</param>
/// <param name="Damped">Nodes that are out because they fell too often, whatever probes say now.</param>
/// <param name="Distrusted">Vantages whose votes are dropped.</param>
/// <param name="Vantages">Vantages that have a say, distrusted ones among them.</param>
/// <param name="TakenPercent">What of the capacity of all edges automation has taken away.</param>
public sealed record HealthVerdict(
    ImmutableArray<HealthStatement> Down, ImmutableArray<EdgeWeight> Returning, ImmutableArray<string> Held, ImmutableArray<string> Damped,
    ImmutableArray<string> Distrusted, int Vantages, double TakenPercent)
{
    /// <summary>Nothing was probed.</summary>
    public static readonly HealthVerdict Nothing = new([], [], [], [], [], 0, 0);
}

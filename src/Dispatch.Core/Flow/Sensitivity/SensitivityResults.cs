namespace TrafficDispatch.Flow;

/// <summary>What one bound of one arc is worth: the two slopes of the least cost as a function of that bound.</summary>
/// <param name="GainPerUnit">What the least cost falls by for one more unit of room; 0 or more.</param>
/// <param name="GainUnits">How many units of room bring that gain, each; the next brings less.
/// <see cref="FlowNetwork.Unlimited"/> when it never ends, as when the gain is 0.</param>
/// <param name="LossPerUnit">What the least cost rises by for one unit of room less, at least the gain; null when no flow is
/// feasible then.</param>
/// <param name="LossUnits">How many units can be taken away at that loss, each; the next costs more or leaves no feasible
/// flow. 0 when the loss is null.</param>
/// <remarks>The least cost is convex and piecewise linear in a bound, with integer breakpoints. Both slopes and both ranges
/// are properties of the network: every optimal flow and every set of optimal potentials gives the same four figures.</remarks>
public readonly record struct BoundPrice(Int128 GainPerUnit, long GainUnits, Int128? LossPerUnit, long LossUnits)
{
    /// <summary>True when the two slopes agree, so that there is one shadow price. Where they differ, every value between them
    /// is the shadow price in some optimal set of potentials, and none of those says what the next unit is worth.</summary>
    public bool IsUnique => GainPerUnit == LossPerUnit;
}

/// <summary>What it takes for an arc to be used.</summary>
/// <param name="CostReduction">How much its cost must fall before some optimal flow carries more on it than its lower bound: at
/// exactly this reduction it ties, below it no optimal flow uses it, above it every one does. 0 when one does already. Null
/// when no reduction helps, because the arc has no room or closes no cycle that can carry flow.</param>
/// <param name="MostFlow">The greatest flow on the arc among all optimal flows once the cost has fallen by that much; without
/// any reduction when it is 0, and the flow itself when it is null. <see cref="FlowNetwork.Unlimited"/> for no end.</param>
/// <remarks>A property of the network, the same for every optimal flow and every set of optimal potentials. The reduced cost
/// that one set of potentials shows is never more than <paramref name="CostReduction"/> and can be less.</remarks>
public readonly record struct UseThreshold(Int128? CostReduction, long MostFlow);

/// <summary>How much cheaper one arc must get before some optimal flow uses it.</summary>
/// <param name="Arc">The arc.</param>
/// <param name="CostReduction">As in <see cref="UseThreshold"/>: 0 when it is used already, null when no reduction helps.</param>
public readonly record struct ArcThreshold(int Arc, Int128? CostReduction);

/// <summary>What one more unit of an arc's upper bound saves.</summary>
/// <param name="Arc">The arc.</param>
/// <param name="PerUnit">The saving; 0 or more. As <see cref="BoundPrice.GainPerUnit"/>.</param>
public readonly record struct ArcGain(int Arc, Int128 PerUnit);

/// <summary>The reduced costs that an arc has in the optimal sets of potentials: every value between the ends occurs.</summary>
/// <param name="Least">The least; null when there is none.</param>
/// <param name="Greatest">The greatest; null when there is none.</param>
public readonly record struct ReducedCostRange(Int128? Least, Int128? Greatest)
{
    /// <summary>True when all optimal sets of potentials agree.</summary>
    public bool IsUnique => Least is not null && Least == Greatest;
}

/// <summary>What it costs to carry more, or less, from one node to another: supply added at the first, demand at the second.</summary>
/// <param name="CostPerUnit">What the least cost rises by for one more unit, negative when it falls; null when no flow is
/// feasible then.</param>
/// <param name="Units">How many more units cost that, each; <see cref="FlowNetwork.Unlimited"/> for no end, 0 when null.</param>
/// <param name="SavingPerUnit">What the least cost falls by for one unit less, at most the cost of one more; null when no flow
/// is feasible then.</param>
/// <param name="SavingUnits">How many units less save that, each; <see cref="FlowNetwork.Unlimited"/> for no end, 0 when null.</param>
/// <remarks>A property of the network, the same for every optimal flow. The difference of two potentials lies between the two
/// figures, and can lie anywhere between them.</remarks>
public readonly record struct TransferPrice(Int128? CostPerUnit, long Units, Int128? SavingPerUnit, long SavingUnits)
{
    /// <summary>True when one more unit costs what one less saves.</summary>
    public bool IsUnique => CostPerUnit is not null && CostPerUnit == SavingPerUnit;
}

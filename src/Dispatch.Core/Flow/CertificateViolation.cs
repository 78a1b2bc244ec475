namespace TrafficDispatch.Flow;

/// <summary>Which condition of optimality fails.</summary>
public enum CertificateRule
{
    /// <summary>The flow or the potentials do not have one entry for each arc or node.</summary>
    Shape = 0,

    /// <summary>What leaves a node less what enters it differs from its supply.</summary>
    Conservation = 1,

    /// <summary>A flow lies outside the bounds of its arc.</summary>
    Bounds = 2,

    /// <summary>An arc below its upper bound has a negative reduced cost, or one above its lower bound a positive.</summary>
    ComplementarySlackness = 3,

    /// <summary>A potential is beyond ±2^124 and cannot be checked in 128 bits.</summary>
    PotentialRange = 4,

    /// <summary>The claimed objective is not the cost of the claimed flow.</summary>
    Objective = 5,
}

/// <summary>One condition that fails.</summary>
/// <param name="Rule">The condition.</param>
/// <param name="Node">The node at fault, from 0; −1 when none.</param>
/// <param name="Arc">The arc at fault, from 0; −1 when none.</param>
/// <param name="Text">The figures, with nodes and arcs named as the network's source numbers them.</param>
public sealed record CertificateViolation(CertificateRule Rule, int Node, int Arc, string Text);

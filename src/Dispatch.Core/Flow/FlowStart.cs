namespace TrafficDispatch.Flow;

/// <summary>What is known of an optimum before the solve. It can save pivots or cost some; what is optimal does not depend on it.</summary>
/// <remarks>
/// Of several optima another may be found than without: a start belongs to the input of a solve, and is kept with it by those who want to repeat
/// it. Kernels other than the compact ones pass it over. Immutable; the array must not be changed.
/// </remarks>
/// <param name="Basis">A basis of the network or of one like it, with the same arc numbers; null where there is none.</param>
/// <param name="Potentials">Potentials near the optimum's, by node; empty where none are known, or as many as there are nodes.</param>
/// <param name="Wide">True where 32 bits did not do for a network like this: they are not tried.</param>
public sealed record FlowStart(FlowBasis? Basis, ReadOnlyMemory<long> Potentials, bool Wide = false);

namespace TrafficDispatch.Flow;

/// <summary>How a solve of a session ended.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Objective">Cost of the flow, exact; 0 unless optimal.</param>
/// <param name="Kernel">The kernel that produced it; see <see cref="FlowSolution.Kernel"/>.</param>
/// <param name="Pivots">Basis changes made, over all kernels the solve went through.</param>
/// <param name="Rebuilt">True when the kernel's arrays were made anew from the last basis, because an arc of a row changed, something
/// was added, or a range was left: the same answer, some hundred times slower than a plain re-solve.</param>
/// <param name="Cause">Why there is no flow; empty when optimal.</param>
/// <param name="Remedy">What the caller can do about it; empty when optimal.</param>
public readonly record struct SessionResult(
    FlowStatus Status, Int128 Objective, string Kernel, long Pivots, bool Rebuilt, string Cause, string Remedy);

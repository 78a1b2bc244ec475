using FsCheck;
using FsCheck.Fluent;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Generators of scripts on every kind of network.</summary>
internal static class SessionCases
{
    private static readonly Gen<NetworkSpec> AnyNetwork = Gen.Frequency(
        (8, RowNetworks.Small.Generator), (2, Networks.Small.Generator), (1, Networks.Tiny.Generator), (1, DegenerateNetworks.Small.Generator));

    /// <summary>Every kind of step.</summary>
    public static Arbitrary<SessionCase> Any { get; } = Of(AnyNetwork, AnyStep(), 18);

    /// <summary>Edits alone, for tests that solve and undo by themselves.</summary>
    public static Arbitrary<SessionCase> EditsOnly { get; } = Of(AnyNetwork, Edit(), 8);

    private static Arbitrary<SessionCase> Of(Gen<NetworkSpec> networks, Gen<ScriptStep> steps, int most) => Arb.From(
        from network in networks
        from shift in Gen.Frequency((6, Gen.Constant(0)), (1, Gen.Choose(16, 24)), (1, Gen.Choose(25, 48)))
        from count in Gen.Choose(1, most)
        from script in Gen.ArrayOf(steps, count)
        from wish in Gen.Frequency((4, Gen.Constant(KernelWish.Usual)), (4, Gen.Constant(KernelWish.Compact)), (2, Gen.Constant(KernelWish.CompactWide)), (1, Gen.Constant(KernelWish.General)))
        select new SessionCase(Dearer(network, shift), script, wish), SessionCase.Shrink);

    // Costs so great that 32 bits, or even 64, no longer hold every price.
    private static NetworkSpec Dearer(NetworkSpec spec, int shift) => spec with { Arcs = [.. spec.Arcs.Select(a => a with { Cost = a.Cost << shift })] };

    private static Gen<ScriptStep> AnyStep() => Gen.Frequency(
        (12, Edit()),
        (9, Gen.Constant(new ScriptStep(StepKind.Solve))),
        (2, Gen.Constant(new ScriptStep(StepKind.Mark))),
        (2, from at in Gen.Choose(0, 5) select new ScriptStep(StepKind.Undo, at)),
        (1, Gen.Elements(new ScriptStep(StepKind.Fork), new ScriptStep(StepKind.Reload))),
        (1, from limit in Gen.Choose(0, 4) select new ScriptStep(StepKind.TrySolve, limit)));

    private static Gen<ScriptStep> Edit() =>
        from kind in Gen.Frequency(
            (9, Gen.Elements(StepKind.Close, StepKind.Restore, StepKind.Upper)),
            (3, Gen.Constant(StepKind.Cost)),
            (2, Gen.Constant(StepKind.Move)),
            (2, Gen.Elements(StepKind.Lower, StepKind.Bounds, StepKind.Unbound)),
            (1, Gen.Elements(StepKind.CloseNode, StepKind.RestoreAll, StepKind.RestoreAll)),
            (1, Gen.Elements(StepKind.AddArc, StepKind.AddNode)),
            (1, Gen.Elements(StepKind.RemoveArc, StepKind.RemoveArc, StepKind.RemoveNode, StepKind.Spoil)),
            (2, Gen.Constant(StepKind.Settle)))
        from at in Gen.Choose(0, 200)
        from to in Gen.Choose(0, 60)
        from amount in Amount(kind)
        from room in Gen.Choose(0, 25)
        select new ScriptStep(kind, at, to, amount, room);

    private static Gen<long> Amount(StepKind kind)
    {
        Gen<long> small = from a in Gen.Choose(-12, 30) select (long)a;
        if (kind == StepKind.Lower || kind == StepKind.Bounds) return from a in Gen.Choose(-3, 2) select (long)a;
        if (kind != StepKind.Cost) return small;
        Gen<long> great = from a in small from shift in Gen.Choose(12, 56) select a << shift;
        return Gen.Frequency((7, small), (1, great));
    }
}

using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Makes the same edit to a session and to its mirror.</summary>
internal static class SessionEdits
{
    public static void Apply(ScriptStep step, FlowSession session, MirrorNetwork mirror)
    {
        if (IsOfArc(step.Kind))
        {
            if (mirror.ArcCount > 0) EditArc(step, PickArc(step, mirror), session, mirror);
        }
        else EditNode(step, step.At % mirror.NodeCount, PickOther(step, mirror), session, mirror);
    }

    // Half of the edits of arcs go to the core, and most moves of supply end at a sink: where sessions stay warm and networks feasible.
    private static int PickArc(ScriptStep step, MirrorNetwork mirror)
    {
        int[] core = step.To % 2 == 0 ? [.. Enumerable.Range(0, mirror.ArcCount).Where(e => mirror.IsEntered(mirror.Arc(e).Tail))] : [];
        return core.Length > 0 ? core[step.At % core.Length] : step.At % mirror.ArcCount;
    }

    private static int PickOther(ScriptStep step, MirrorNetwork mirror)
        => step.Kind is StepKind.Move or StepKind.Settle && step.To % 4 != 0
            ? Enumerable.Range(0, mirror.NodeCount).MinBy(mirror.Supply)
            : step.To % mirror.NodeCount;

    private static bool IsOfArc(StepKind kind) => kind is StepKind.Close or StepKind.Restore or StepKind.RestoreAll or StepKind.Upper
        or StepKind.Lower or StepKind.Bounds or StepKind.Unbound or StepKind.Cost or StepKind.RemoveArc;

    private static void EditArc(ScriptStep step, int arc, FlowSession session, MirrorNetwork mirror)
    {
        ArcSpec now = mirror.Arc(arc);
        switch (step.Kind)
        {
            case StepKind.Close: Close(arc, session, mirror); break;
            case StepKind.Restore: Restore(arc, session, mirror); break;
            case StepKind.RestoreAll: for (int e = 0; e < mirror.ArcCount; e++) Restore(e, session, mirror); break;
            case StepKind.Upper: SetUpper(arc, now.Lower + Math.Abs(step.Amount), session, mirror); break;
            case StepKind.Unbound: SetUpper(arc, FlowNetwork.Unlimited, session, mirror); break;
            case StepKind.Lower:
                long lower = Math.Min(step.Amount, now.Upper);
                session.SetLower(arc, lower);
                mirror.SetArc(arc, lower, now.Upper, now.Cost);
                break;
            case StepKind.Bounds:
                session.SetBounds(arc, step.Amount, step.Amount + step.Room);
                mirror.SetArc(arc, step.Amount, step.Amount + step.Room, now.Cost);
                break;
            case StepKind.Cost:
                session.SetCost(arc, step.Amount);
                mirror.SetArc(arc, now.Lower, now.Upper, step.Amount);
                break;
            default:
                session.RemoveArc(arc);
                mirror.SetArc(arc, 0, 0, now.Cost);
                break;
        }
    }

    private static void EditNode(ScriptStep step, int node, int other, FlowSession session, MirrorNetwork mirror)
    {
        switch (step.Kind)
        {
            case StepKind.CloseNode: foreach (int e in mirror.ArcsAt(node).ToArray()) Close(e, session, mirror); break;
            case StepKind.Spoil: SetSupply(node, mirror.Supply(node) + step.Amount, session, mirror); break;
            case StepKind.Settle: SetSupply(other, mirror.Supply(other) - mirror.SupplySum, session, mirror); break;
            case StepKind.Move:
                long amount = mirror.Supply(node) < 0 ? step.Amount : Math.Max(step.Amount, -mirror.Supply(node));
                SetSupply(node, mirror.Supply(node) + amount, session, mirror);
                SetSupply(other, mirror.Supply(other) - amount, session, mirror);
                break;
            case StepKind.AddArc: AddArc(new ArcSpec(node, other, 0, step.Room, step.Amount), session, mirror); break;
            case StepKind.AddNode:
                Assert.Equal(mirror.NodeCount, session.AddNode(step.Amount));
                mirror.AddNode(step.Amount);
                AddArc(new ArcSpec(mirror.NodeCount - 1, node, 0, step.Room, 1), session, mirror);
                if (step.Room % 2 == 0) AddArc(new ArcSpec(other, mirror.NodeCount - 1, 0, FlowNetwork.Unlimited, 2), session, mirror);
                break;
            default:
                session.RemoveNode(node);
                mirror.RemoveNode(node);
                break;
        }
    }

    private static void Close(int arc, FlowSession session, MirrorNetwork mirror)
    {
        ArcSpec now = mirror.Arc(arc);
        SetUpper(arc, Math.Max(now.Lower, 0), session, mirror);
    }

    private static void Restore(int arc, FlowSession session, MirrorNetwork mirror)
    {
        ArcSpec first = mirror.First(arc);
        session.SetBounds(arc, first.Lower, first.Upper);
        session.SetCost(arc, first.Cost);
        mirror.SetArc(arc, first.Lower, first.Upper, first.Cost);
    }

    private static void SetUpper(int arc, long upper, FlowSession session, MirrorNetwork mirror)
    {
        ArcSpec now = mirror.Arc(arc);
        session.SetUpper(arc, upper);
        mirror.SetArc(arc, now.Lower, upper, now.Cost);
    }

    private static void SetSupply(int node, long supply, FlowSession session, MirrorNetwork mirror)
    {
        session.SetSupply(node, supply);
        mirror.SetSupply(node, supply);
    }

    private static void AddArc(ArcSpec arc, FlowSession session, MirrorNetwork mirror)
    {
        Assert.Equal(mirror.ArcCount, session.AddArc(arc.Tail, arc.Head, arc.Lower, arc.Upper, arc.Cost));
        mirror.AddArc(arc);
    }
}

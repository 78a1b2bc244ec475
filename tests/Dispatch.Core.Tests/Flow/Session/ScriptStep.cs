namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>What a step of a script does.</summary>
public enum StepKind
{
    /// <summary>Solves and checks everything.</summary>
    Solve,

    /// <summary>Takes the capacity from an arc.</summary>
    Close,

    /// <summary>Takes the capacity from every arc at a node.</summary>
    CloseNode,

    /// <summary>Gives an arc the bounds and cost it first had.</summary>
    Restore,

    /// <summary>Gives every arc the bounds and cost it first had.</summary>
    RestoreAll,

    /// <summary>Sets an upper bound.</summary>
    Upper,

    /// <summary>Sets a lower bound.</summary>
    Lower,

    /// <summary>Sets both bounds.</summary>
    Bounds,

    /// <summary>Takes the upper bound away.</summary>
    Unbound,

    /// <summary>Sets a cost.</summary>
    Cost,

    /// <summary>Moves supply from one node to another.</summary>
    Move,

    /// <summary>Changes one supply, so that they no longer sum to zero.</summary>
    Spoil,

    /// <summary>Lets one node take what the others supply too much.</summary>
    Settle,

    /// <summary>Adds an arc.</summary>
    AddArc,

    /// <summary>Adds a node with an arc to it and one from it.</summary>
    AddNode,

    /// <summary>Removes an arc.</summary>
    RemoveArc,

    /// <summary>Removes a node.</summary>
    RemoveNode,

    /// <summary>Sets a mark.</summary>
    Mark,

    /// <summary>Goes back to a mark, which stays.</summary>
    Undo,

    /// <summary>Goes on with a fork.</summary>
    Fork,

    /// <summary>Goes on with a session opened from the network and the saved basis, written and read.</summary>
    Reload,

    /// <summary>Solves within a few pivots; where they do not do, nothing may be readable.</summary>
    TrySolve,
}

/// <summary>A step of a script. Arcs, nodes and marks are named modulo how many there are, so that every script fits every network.</summary>
public sealed record ScriptStep(StepKind Kind, int At = 0, int To = 0, long Amount = 0, long Room = 0)
{
    public override string ToString() => $"{Kind}({At}, {To}, {Amount}, {Room})";

    /// <summary>The same step with lesser numbers.</summary>
    public static IEnumerable<ScriptStep> Shrink(ScriptStep step)
    {
        if (step.At != 0) yield return step with { At = step.At / 2 };
        if (step.At != 0) yield return step with { At = step.At - 1 };
        if (step.To != 0) yield return step with { To = step.To / 2 };
        if (step.Amount != 0) yield return step with { Amount = step.Amount / 2 };
        if (step.Room != 0) yield return step with { Room = step.Room / 2 };
    }
}

/// <summary>Which kernel a session of a test is to take.</summary>
public enum KernelWish
{
    /// <summary>The one the engine chooses.</summary>
    Usual,

    /// <summary>The compact one, where it can.</summary>
    Compact,

    /// <summary>The compact one in 64 bits, where it can.</summary>
    CompactWide,

    /// <summary>The general one.</summary>
    General,
}

/// <summary>A network and what happens to it.</summary>
public sealed record SessionCase(NetworkSpec Start, ScriptStep[] Script, KernelWish Wish)
{
    public override string ToString() => $"{Wish}: {Start}; script {string.Join(", ", Script.AsEnumerable())}";

    /// <summary>Steps dropped, many or one; a smaller network; lesser numbers.</summary>
    public static IEnumerable<SessionCase> Shrink(SessionCase whole)
    {
        ScriptStep[] script = whole.Script;
        for (int size = Math.Max(1, script.Length / 2); size > 0; size /= 2)
            for (int start = 0; start < script.Length; start += size)
                yield return whole with { Script = [.. script[..start], .. script[Math.Min(start + size, script.Length)..]] };
        if (whole.Wish != KernelWish.Usual) yield return whole with { Wish = KernelWish.Usual };
        foreach (NetworkSpec spec in NetworkSpec.Shrink(whole.Start)) yield return whole with { Start = spec };
        for (int i = 0; i < script.Length; i++)
            foreach (ScriptStep step in ScriptStep.Shrink(script[i]))
                yield return whole with { Script = [.. script[..i], step, .. script[(i + 1)..]] };
    }
}

namespace TrafficDispatch.Flow.Session;

/// <summary>Lets a toy network fail and recover once in a process, so that the code of re-solves is compiled before the first failure
/// that matters: that one would take 10 ms instead of 1.</summary>
internal static class Rehearsal
{
    private const int Groups = 24, Edges = 6, Candidates = 3;
    private static int _begun;

    /// <summary>Rehearses, the first time it is called. About 30 ms.</summary>
    public static void Once()
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0) return;
        FlowSession session = FlowSession.Open(Toy());
        FlowMark mark = session.Mark();
        for (int edge = 0; edge < Edges; edge++)
        {
            session.SetUpper(edge, 0); // heads become dearer
            session.Solve();
            session.Undo(mark);
            session.SetCost(edge, -20); // a head becomes cheaper
            session.Solve();
            session.Certify();
            session.Undo(mark);
        }
    }

    // Groups of demand 4 to 6 with three near edges each, some of them full, and a last resort.
    private static FlowNetwork Toy()
    {
        var builder = new FlowNetworkBuilder();
        builder.AddNodes(Groups + Edges + 1);
        int sink = Groups + Edges, demand = 0;
        for (int g = 0; g < Groups; g++) demand += 4 + g % 3;
        for (int e = 0; e < Edges; e++) builder.AddArc(Groups + e, sink, 0, demand * 6 / (5 * Edges), 0);
        for (int g = 0; g < Groups; g++)
        {
            builder.SetSupply(g, 4 + g % 3);
            for (int c = 0; c < Candidates; c++) builder.AddArc(g, Groups + (g * g + c) % Edges, 0, FlowNetwork.Unlimited, 10 + 7 * c + g * c % 5);
            builder.AddArc(g, sink, 0, FlowNetwork.Unlimited, 1000);
        }

        builder.SetSupply(sink, -demand);
        return builder.Build();
    }
}

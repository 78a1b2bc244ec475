using System.Globalization;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Bench;

/// <summary>One edge after the other fails and comes back, in one session: what a re-solve, an undo and a solve from nothing take.</summary>
internal sealed class WarmResolves
{
    /// <summary>Cases that are also solved from nothing and certified, outside the measured steps.</summary>
    private const int Proved = 10;

    private readonly FlowNetwork _network;
    private readonly FlowSession _session;
    private readonly Int128 _objective;
    private readonly SessionStep _opening, _fail = new("an edge fails"), _back = new("it comes back");
    private readonly SessionStep _mark = new("mark"), _undo = new("undo the failure"), _cold = new("failed network from nothing");
    private FlowMark? _held;
    private int _infeasible;

    private WarmResolves(FlowNetwork network, FlowSession session, SessionStep opening)
    {
        (_network, _session, _opening) = (network, session, opening);
        _objective = Optimal(session.Result).Objective;
    }

    public static int Run(string name, FlowNetwork network, EdgeFailure[] cases)
    {
        SessionStep opening = new("open the session");
        WarmResolves rehearsal = new(network, FlowSession.Open(network), opening); // compiles, and is dropped
        foreach (EdgeFailure edge in EdgeFailure.Spread(cases, 20)) rehearsal.FailAndReturn(edge);
        opening.Begin();
        FlowSession session = FlowSession.Open(network);
        opening.End(session.Result);
        WarmResolves run = new(network, session, opening);
        foreach (EdgeFailure edge in cases) run.FailAndReturn(edge);
        foreach (EdgeFailure edge in EdgeFailure.Spread(cases, Proved)) run.Prove(edge);
        run.Print(name, cases.Length);
        return 0;
    }

    private void FailAndReturn(EdgeFailure edge)
    {
        _fail.Begin();
        edge.Close(_session);
        SessionResult result = _session.Solve();
        _fail.End(result);
        Demand(result.Status == FlowStatus.Infeasible || Optimal(result).Objective >= _objective, "A network with an edge less is not cheaper.");
        if (result.Status == FlowStatus.Infeasible) _infeasible++;
        _back.Begin();
        edge.Open(_session, _network);
        result = _session.Solve();
        _back.End(result);
        Demand(Optimal(result).Objective == _objective, "The edge came back, the cost did not.");
        _mark.Begin();
        _held = _session.Mark(_held);
        _mark.End();
        edge.Close(_session);
        _session.Solve();
        _undo.Begin();
        _session.Undo(_held);
        _undo.End();
        Demand(_session.Result.Objective == _objective, "The undo left another cost.");
    }

    private void Prove(EdgeFailure edge)
    {
        _held = _session.Mark(_held);
        edge.Close(_session);
        SessionResult warm = _session.Solve();
        FlowNetwork failed = _session.ToNetwork();
        _cold.Begin();
        FlowSolution cold = FlowSolver.Solve(failed);
        if (cold.Status == FlowStatus.Optimal) _cold.End(cold.Kernel, cold.Pivots, rebuilt: false);
        Demand(cold.Status == warm.Status, "A solve from nothing ends otherwise.");
        if (warm.Status == FlowStatus.Optimal) Demand(cold.Objective == warm.Objective && _session.Certify(), "A solve from nothing costs otherwise, or the certificate failed.");
        _session.Undo(_held);
    }

    private void Print(string name, int cases)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {_network.NodeCount} nodes, {_network.ArcCount} arcs, {cases} edges, {_infeasible} infeasible without them; from nothing takes {_cold.Times.Median / _fail.Times.Median:F1} times as long\n\n{SessionStep.Heading}"));
        foreach (SessionStep step in new[] { _opening, _fail, _back, _mark, _undo, _cold }) Console.WriteLine(step);
    }

    private static SessionResult Optimal(SessionResult result)
        => result.Status == FlowStatus.Optimal ? result : throw new InvalidOperationException($"A solve ended {result.Status}: {result.Cause}");

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}

// Which traffic moves, and at what cost, when an edge fails? Solve once, then re-solve, undo, sweep and ask for prices.
// Run from the repository: tests/tools/sample.sh packs the library and runs this against the package. docs/flow.md explains it.
using TrafficDispatch.Flow;

const int Groups = 200, Edges = 12, Candidates = 5;

// Groups supply, edges pass on what they can, the sink takes all. What no edge has room for overflows, at 500 a unit.
var builder = new FlowNetworkBuilder();
int sink = builder.AddNode(supply: -Groups * 10);
int firstEdge = builder.AddNodes(Edges);
var capacity = new int[Edges];
for (int e = 0; e < Edges; e++) capacity[e] = builder.AddArc(firstEdge + e, sink, lower: 0, upper: 150 + 20 * (e % 4), cost: e % 3);
var overflow = new List<int>();
for (int g = 0; g < Groups; g++)
{
    int group = builder.AddNode(supply: 10);
    for (int k = 0; k < Candidates; k++)
        builder.AddArc(group, firstEdge + (g + k * k) % Edges, 0, FlowNetwork.Unlimited, cost: 10 + 7 * k + g * 13 % 11);
    overflow.Add(builder.AddArc(group, sink, 0, FlowNetwork.Unlimited, cost: 500));
}

// Build() throws with every fault of the network; TryBuild() lists them.
FlowNetwork network = builder.Build();
FlowSolution solution = FlowSolver.Solve(network);
if (solution.Status != FlowStatus.Optimal)
{
    Console.Error.WriteLine($"{solution.Status}: {solution.Cause}; {solution.Remedy}");
    return 1;
}

OptimalityCertificate certificate = OptimalityCertificate.Check(network, solution);
Console.WriteLine($"optimum: {solution.Objective} by {solution.Kernel}, {(certificate.Valid ? "proved" : "NOT PROVED")}");

// A session solves once and stays warm. An edge fails: its capacity goes to zero, and back.
FlowSession session = FlowSession.Open(network);
FlowMark before = session.Mark();
session.SetUpper(capacity[3], 0);
SessionResult failed = session.Solve();
Console.WriteLine($"without edge 3: {failed.Objective}, {failed.Pivots} pivots, {(session.Certify() ? "proved" : "NOT PROVED")}");
session.Undo(before);
Console.WriteLine($"undone: {session.Result.Objective}, edge 3 carries {session.Flow(capacity[3])}");

// A deadline ends a solve with a status; solving again goes on, undoing goes back.
session.SetSupply(sink, session.Supply(sink) - 30);
session.SetSupply(sink + 1 + Edges, session.Supply(sink + 1 + Edges) + 30);
SessionResult grown = session.Solve(new FlowOptions { TimeLimit = TimeSpan.FromSeconds(1) });
Console.WriteLine($"30 units more: {grown.Status}, {grown.Objective}");
session.Undo(before);

// A basis is kept and loaded: the same network, basis and edits give the same flow.
using var file = new MemoryStream();
session.SaveBasis().Write(file);
file.Position = 0;
FlowSession resumed = FlowSession.Open(network, FlowBasis.Read(file));
Console.WriteLine($"resumed: {resumed.Result.Objective}, {resumed.Result.Pivots} pivots");

// Every edge fails once, from one basis, on all cores.
SweepCase[] cases = [.. capacity.Select((arc, e) => new SweepCase($"edge {e}", [arc]))];
SweepOutcome?[] outcomes = FlowSweep.Run(session, cases, new SweepOptions { WatchedArcs = overflow });
SweepOutcome worst = outcomes.OfType<SweepOutcome>().MaxBy(o => o.Objective)!;
Console.WriteLine($"worst: {worst.Name} costs {worst.Objective - solution.Objective} more, {worst.WatchedFlow} unserved, {worst.MovedVolume} moved over {worst.Changes.Count} arcs");

// What is one more unit of capacity worth, and for how many does that hold? How cheap must an arc get to be used?
var sensitivity = new FlowSensitivity(network, solution);
BoundPrice price = sensitivity.UpperBoundPrice(capacity[0]);
Console.WriteLine($"edge 0: one more unit saves {price.GainPerUnit}, for {price.GainUnits} units; one less costs {price.LossPerUnit}");
UseThreshold threshold = sensitivity.ThresholdOf(overflow[0]);
Console.WriteLine($"group 0 overflows once that is {threshold.CostReduction} cheaper");
return 0;

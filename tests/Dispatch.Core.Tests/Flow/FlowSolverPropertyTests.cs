using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

public sealed class FlowSolverPropertyTests
{
    private static readonly KernelTrial Wide = new(Wide: true, Scalar: true);
    private static readonly KernelTrial Scalar = new(Wide: false, Scalar: true, General: true);
    private static readonly KernelTrial General = new(Wide: false, Scalar: false, General: true);

    [Fact]
    public void Solve_TinyRandomNetwork_MatchesBruteForce()
        => Check.One(Seeded(3000), Prop.ForAll(Networks.Tiny, spec =>
        {
            long? least = BruteForce.LeastCost(spec);
            FlowSolution solution = Solve(spec.Build());
            if (least is null) return solution.Status == FlowStatus.Infeasible;
            return solution.Status == FlowStatus.Optimal && solution.Objective == least;
        }));

    [Fact]
    public void Solve_RandomNetwork_MatchesSuccessivePathsAndCertificate()
        => Check.One(Seeded(6000), Prop.ForAll(Networks.Small, spec =>
        {
            (FlowStatus status, Int128 cost) = SuccessivePaths.Solve(spec);
            FlowNetwork network = spec.Build();
            FlowSolution solution = Solve(network);
            Assert.Equal(status, solution.Status);
            if (status != FlowStatus.Optimal) return Explains(solution);
            Assert.Equal(cost, solution.Objective);
            OptimalityCertificate certificate = OptimalityCertificate.Check(network, solution);
            Assert.Empty(certificate.Violations);
            Assert.Equal(solution.Objective, certificate.DualObjective);
            return certificate.Valid && solution.Kernel == "network-simplex";
        }));

    [Fact]
    public void Solve_RandomNetwork_EveryKernelGivesTheSameFlow()
        => Check.One(Seeded(1500), Prop.ForAll(Networks.Small, spec =>
        {
            FlowNetwork network = spec.Build();
            FlowSolution usual = Solve(network), wide = Solve(network, Wide), scalar = Solve(network, Scalar);
            return usual.Status == wide.Status && usual.Cause == wide.Cause && Same(usual, wide) && Same(usual, scalar)
                && usual.Pivots == scalar.Pivots && usual.Pivots == wide.Pivots
                && (usual.Kernel == "none" || wide.Kernel == "network-simplex-128");
        }));

    [Fact]
    public void Solve_GeneratedNetworks_CoverEveryOutcome()
    {
        FlowSolution[] solutions = [.. Networks.Small.Generator.Sample(1000, new Rnd(5UL, 11UL), 50).Select(spec => Solve(spec.Build()))];
        Assert.InRange(solutions.Count(s => s.Status == FlowStatus.Optimal && s.Pivots > 3), 200, 950);
        Assert.InRange(solutions.Count(s => s.Status == FlowStatus.Infeasible && s.Kernel != "none"), 50, 700);
        Assert.InRange(solutions.Count(s => s.Status == FlowStatus.Unbounded), 5, 300);
    }

    [Fact]
    public void Solve_SameArraysAgain_GivesTheSameBytes()
    {
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        for (int repeat = 0; repeat < 5; repeat++) hashes.Add(Hash(seeds: 60));
        Assert.Single(hashes);
    }

    [Fact]
    public void Check_FlowMovedOnOneArc_IsRejected()
        => Check.One(Seeded(1500), Prop.ForAll(Networks.Small, Gen.Choose(0, 10_000).ToArbitrary(), (spec, pick) =>
        {
            FlowNetwork network = spec.Build();
            FlowSolution solution = Solve(network);
            int[] moved = [.. Enumerable.Range(0, network.ArcCount).Where(e => network.Tails[e] != network.Heads[e])];
            if (solution.Status != FlowStatus.Optimal || moved.Length == 0) return true;
            long[] flow = solution.Flow.ToArray();
            flow[moved[pick % moved.Length]] += pick % 2 == 0 ? 1 : -1;
            OptimalityCertificate certificate = OptimalityCertificate.Check(network, flow, solution.Potentials);
            return !certificate.Valid && certificate.Violations.Any(v => v.Rule == CertificateRule.Conservation && v.Node >= 0);
        }));

    [Fact]
    public void Check_PerturbedPotential_IsRejectedExactlyWhenAnArcObjects()
        => Check.One(Seeded(1500), Prop.ForAll(Networks.Small, Gen.Choose(0, 10_000).ToArbitrary(), (spec, pick) =>
        {
            FlowNetwork network = spec.Build();
            FlowSolution solution = Solve(network);
            if (solution.Status != FlowStatus.Optimal) return true;
            Int128[] potentials = solution.Potentials.ToArray();
            potentials[pick % potentials.Length] += (pick % 7) - 3;
            bool objects = Enumerable.Range(0, network.ArcCount).Any(e => Objects(network, solution, potentials, e));
            return OptimalityCertificate.Check(network, solution.Flow, potentials).Valid == !objects;
        }));

    [Fact]
    public void Check_DearerFeasibleFlow_HasAGapAndNoConservationFault()
        => Check.One(Seeded(1500), Prop.ForAll(Networks.Small, spec =>
        {
            FlowNetwork network = spec.Build();
            NetworkSpec reversed = spec with { Arcs = [.. spec.Arcs.Select(a => a with { Cost = -a.Cost })] };
            FlowSolution best = Solve(network), worst = Solve(reversed.Build());
            if (best.Status != FlowStatus.Optimal || worst.Status != FlowStatus.Optimal) return true;
            OptimalityCertificate certificate = OptimalityCertificate.Check(network, worst.Flow, best.Potentials);
            return certificate.Gap == -worst.Objective - best.Objective
                && certificate.Valid == (certificate.Gap == 0)
                && certificate.Violations.All(v => v.Rule == CertificateRule.ComplementarySlackness);
        }));

    private static Config Seeded(int tests) => Config.QuickThrowOnFailure.WithReplay(20260701UL, 77UL).WithMaxTest(tests);

    private static FlowSolution Solve(FlowNetwork network, KernelTrial? trial = null)
        => FlowSolver.Solve(network, new FlowOptions { MaxPivots = 1_000_000 }, trial ?? General, CancellationToken.None);

    private static bool Explains(FlowSolution solution)
        => solution.Cause.Length > 0 && solution.Remedy.Length > 0 && solution.Flow.IsEmpty && solution.Potentials.IsEmpty;

    private static bool Same(FlowSolution a, FlowSolution b)
        => a.Flow.SequenceEqual(b.Flow) && a.Potentials.SequenceEqual(b.Potentials);

    // Written out again, apart from the certificate's code: an arc with room and a negative reduced cost, or the reverse.
    private static bool Objects(FlowNetwork network, FlowSolution solution, Int128[] potentials, int arc)
    {
        Int128 gain = potentials[network.Heads[arc]] - potentials[network.Tails[arc]] - network.Costs[arc];
        bool canRise = network.UpperBounds[arc] == FlowNetwork.Unlimited || solution.Flow[arc] < network.UpperBounds[arc];
        return (gain > 0 && canRise) || (gain < 0 && solution.Flow[arc] > network.LowerBounds[arc]);
    }

    private static string Hash(int seeds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (NetworkSpec spec in Networks.Small.Generator.Sample(seeds, new Rnd(5UL, 11UL), 50))
            hash.AppendData(MemoryMarshal.AsBytes(Solve(spec.Build()).Flow));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}

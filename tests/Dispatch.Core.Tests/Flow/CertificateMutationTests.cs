using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>Wrong claims: every form of the certificate refuses each of them, or the claim is proven right by other means.</summary>
/// <remarks>The other means know no potentials: a flow is feasible by counting, and optimal when no residual cycle is negative
/// (Klein 1967); potentials are right when no residual arc has a negative reduced cost.</remarks>
public sealed class CertificateMutationTests
{
    private static readonly CertificateTrial Unscreened = new(Unscreened: true, Scalar: true);
    private static readonly CertificateTrial Scalar = new(Unscreened: false, Scalar: true);

    [Fact]
    public void Check_MutatedFlow_IsValidOnlyIfStillOptimal() => Mutate((claim, random) => claim with { Flow = WithFlow(claim, random) });

    [Fact]
    public void Check_MutatedPotentials_AreValidOnlyIfNoArcObjects()
        => Mutate((claim, random) =>
        {
            long[] potentials = [.. claim.Potentials];
            for (int times = random.Next(1, 4); times > 0; times--) potentials[random.Next(potentials.Length)] += random.Next(-4, 5);
            return claim with { Potentials = potentials };
        });

    [Fact]
    public void Check_MutatedNetwork_IsValidOnlyIfStillOptimal()
        => Mutate((claim, random) =>
        {
            if (claim.Spec.Arcs.Length == 0) return claim;
            int e = random.Next(claim.Spec.Arcs.Length);
            ArcSpec arc = claim.Spec.Arcs[e];
            ArcSpec other = random.Next(4) switch
            {
                0 => arc with { Cost = arc.Cost + random.Next(-3, 4) },
                1 => arc with { Upper = Math.Max(arc.Lower, arc.Upper - random.Next(1, 3)) },
                2 => arc with { Lower = Math.Min(arc.Upper, arc.Lower + random.Next(-2, 3)) },
                _ => arc with { Upper = arc.Upper == FlowNetwork.Unlimited ? arc.Upper : arc.Upper + 1 },
            };
            return claim with { Spec = claim.Spec.With(e, other) };
        });

    [Fact]
    public void Check_MutatedSupplies_AreRefused()
        => Mutate((claim, random) =>
        {
            long[] supplies = [.. claim.Spec.Supplies];
            supplies[random.Next(supplies.Length)]++;
            supplies[random.Next(supplies.Length)]--;
            return claim with { Spec = claim.Spec with { Supplies = supplies } };
        });

    [Fact]
    public void Check_WrongObjective_IsRefusedByName()
        => Each(Networks.Small, (spec, solution, random) =>
        {
            FlowSolution lie = FlowSolution.Optimal(default, solution.Flow.ToArray(), solution.Potentials.ToArray(), solution.Objective + random.Next(1, 9));
            OptimalityCertificate certificate = OptimalityCertificate.Check(spec.Build(), lie);
            Assert.False(certificate.Valid);
            Assert.Equal(CertificateRule.Objective, Assert.Single(certificate.Violations).Rule);
        });

    [Fact]
    public void Check_ExtremeCostsAndPotentials_EveryFormSaysTheSame()
    {
        long[] odd = [0, 1, -1, (1L << 61) - 1, 1L << 61, -(1L << 61), -(1L << 61) - 1, long.MaxValue, long.MinValue];
        var random = new Random(8);
        for (int round = 0; round < 4000; round++)
        {
            long Pick() => odd[random.Next(odd.Length)];
            int nodes = random.Next(1, 4);
            ArcSpec[] arcs = [.. Enumerable.Range(0, random.Next(0, 11)).Select(_ => new ArcSpec(random.Next(nodes), random.Next(nodes),
                random.Next(3) == 0 ? Math.Min(Pick(), 0) : 0, random.Next(2) == 0 ? FlowNetwork.Unlimited : random.Next(3), Pick()))];
            var spec = new NetworkSpec([.. Enumerable.Range(0, nodes).Select(_ => (long)random.Next(-1, 2))], arcs);
            long[] flow = [.. arcs.Select(_ => random.Next(3) == 0 ? Pick() : 0)];
            long[] potentials = [.. Enumerable.Range(0, nodes).Select(_ => random.Next(8) == 0 ? Pick() : random.Next(2) == 0 ? 1L << 61 : -(1L << 61))];
            Verdict(new Claim(spec, spec, flow, potentials));
        }
    }

    // Each claim goes to every form of the certificate; all must say what counting and cycle search say.
    private static void Mutate(Func<Claim, Random, Claim> mutation)
    {
        int refused = 0, upheld = 0;
        foreach (Arbitrary<NetworkSpec> networks in new[] { Networks.Small, DegenerateNetworks.Small })
        {
            Each(networks, (spec, solution, random) =>
            {
                var truth = new Claim(spec, spec, solution.Flow.ToArray(), [.. solution.Potentials.ToArray().Select(p => (long)p)]);
                Assert.True(Verdict(truth));
                for (int times = 0; times < 10; times++)
                {
                    Claim claim = mutation(truth, random);
                    bool valid = Verdict(claim);
                    Assert.Equal(IsFeasible(claim) && !AnyArcObjects(claim), valid);
                    if (valid) Assert.True(IsFeasible(claim) && !HasNegativeCycle(claim));
                    _ = valid ? upheld++ : refused++;
                }
            });
        }

        Assert.True(refused > 1500, $"{refused} refused, {upheld} upheld");
    }

    // Screened with and without vectors, unscreened, and the scan with the changed network as overrides: one answer.
    private static bool Verdict(Claim claim)
    {
        FlowNetwork network = claim.Spec.Build();
        Int128[] potentials = [.. claim.Potentials.Select(p => (Int128)p)];
        OptimalityCertificate full = OptimalityCertificate.Check(network, claim.Flow, potentials, Unscreened);
        foreach (CertificateTrial trial in new[] { default, Scalar })
        {
            OptimalityCertificate screened = OptimalityCertificate.Check(network, claim.Flow, potentials, trial);
            Assert.Equal((full.Valid, full.PrimalObjective, full.DualObjective), (screened.Valid, screened.PrimalObjective, screened.DualObjective));
            Assert.Equal((full.Gap, full.ViolationCount), (screened.Gap, screened.ViolationCount));
            Assert.Equal(full.Violations, screened.Violations);
        }

        foreach (bool scalar in new[] { false, true })
        {
            CertificateVerdict verdict = Scan(claim, scalar);
            if (verdict.Rule == CertificateRule.PotentialRange)
            {
                Assert.Contains(claim.Potentials, p => p > 1L << 61 || p < -(1L << 61));
                continue;
            }

            Assert.Equal((full.Valid, full.PrimalObjective, full.DualObjective), (verdict.Valid, verdict.Primal, verdict.Dual));
            if (verdict.Rule is null) Assert.Equal(0, full.ViolationCount);
            else Assert.Contains(full.Violations, v => (v.Rule, v.Node, v.Arc) == (verdict.Rule, verdict.Node, verdict.Arc));
        }

        return full.Valid;
    }

    private static CertificateVerdict Scan(Claim claim, bool scalar)
    {
        ArcSpec[] now = claim.Spec.Arcs;
        int[] changed = [.. Enumerable.Range(0, now.Length).Where(e => now[e] != claim.Base.Arcs[e])];
        int[] carrying = [.. Enumerable.Range(0, now.Length).Where(e => claim.Flow[e] != 0)];
        long[] lower = [.. changed.Select(e => now[e].Lower)], upper = [.. changed.Select(e => now[e].Upper)], costs = [.. changed.Select(e => now[e].Cost)];
        var scan = new CertificateScan(claim.Base.Build(), remember: scalar, scalar);
        long[] amounts = [.. carrying.Select(e => claim.Flow[e])];
        return scan.Check(claim.Potentials, new SparseFlow(carrying, amounts), new ArcOverrides(changed, lower, upper, costs), claim.Spec.Supplies);
    }

    // One arc by a few units, or one unit round a closed walk, which keeps every balance.
    private static long[] WithFlow(Claim claim, Random random)
    {
        long[] flow = [.. claim.Flow];
        if (flow.Length == 0) return flow;
        if (random.Next(3) == 0) flow[random.Next(flow.Length)] += random.Next(2) == 0 ? 1 : -random.Next(1, 5);
        else foreach ((int arc, int direction) in ClosedWalk(claim.Spec, random)) flow[arc] += direction;
        return flow;
    }

    private static List<(int Arc, int Direction)> ClosedWalk(NetworkSpec spec, Random random)
    {
        int node = spec.Arcs[random.Next(spec.Arcs.Length)].Tail;
        var walk = new List<(int Arc, int Direction)>();
        var nodes = new List<int> { node };
        for (int steps = 0; steps < 30; steps++)
        {
            int[] next = [.. Enumerable.Range(0, spec.Arcs.Length).Where(e => (spec.Arcs[e].Tail == node || spec.Arcs[e].Head == node) && (walk.Count == 0 || walk[^1].Arc != e))];
            if (next.Length == 0) break;
            int arc = next[random.Next(next.Length)];
            bool forward = spec.Arcs[arc].Tail == node;
            node = forward ? spec.Arcs[arc].Head : spec.Arcs[arc].Tail;
            walk.Add((arc, forward ? 1 : -1));
            int seen = nodes.IndexOf(node);
            if (seen >= 0) return walk[seen..];
            nodes.Add(node);
        }

        return [];
    }

    private static bool IsFeasible(Claim claim)
    {
        long[] left = [.. claim.Spec.Supplies];
        for (int e = 0; e < claim.Flow.Length; e++)
        {
            ArcSpec arc = claim.Spec.Arcs[e];
            if (claim.Flow[e] < arc.Lower || claim.Flow[e] > arc.Upper) return false;
            left[arc.Tail] -= claim.Flow[e];
            left[arc.Head] += claim.Flow[e];
        }

        return Array.TrueForAll(left, l => l == 0);
    }

    private static IEnumerable<(int From, int To, long Cost)> Residual(Claim claim)
    {
        for (int e = 0; e < claim.Flow.Length; e++)
        {
            ArcSpec arc = claim.Spec.Arcs[e];
            if (arc.Upper == FlowNetwork.Unlimited || claim.Flow[e] < arc.Upper) yield return (arc.Tail, arc.Head, arc.Cost);
            if (claim.Flow[e] > arc.Lower) yield return (arc.Head, arc.Tail, -arc.Cost);
        }
    }

    private static bool AnyArcObjects(Claim claim) => Residual(claim).Any(a => claim.Potentials[a.To] > claim.Potentials[a.From] + a.Cost);

    private static bool HasNegativeCycle(Claim claim)
    {
        (int From, int To, long Cost)[] arcs = [.. Residual(claim)];
        var distance = new long[claim.Spec.Supplies.Length];
        for (int pass = 0; pass <= distance.Length; pass++)
        {
            bool changed = false;
            foreach ((int from, int to, long cost) in arcs)
            {
                if (distance[from] + cost >= distance[to]) continue;
                distance[to] = distance[from] + cost;
                changed = true;
            }

            if (!changed) return false;
        }

        return true;
    }

    private static void Each(Arbitrary<NetworkSpec> networks, Action<NetworkSpec, FlowSolution, Random> check)
        => Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 53UL).WithMaxTest(500), Prop.ForAll(networks, spec =>
        {
            FlowSolution solution = FlowSolver.Solve(spec.Build());
            if (solution.Status == FlowStatus.Optimal) check(spec, solution, new Random((int)(spec.Arcs.Sum(a => (97 * a.Cost) + a.Head) & 0xFFFFFF)));
        }));

    /// <summary>A network as it is, the one it was made from, and a flow and potentials for it.</summary>
    private sealed record Claim(NetworkSpec Spec, NetworkSpec Base, long[] Flow, long[] Potentials);
}

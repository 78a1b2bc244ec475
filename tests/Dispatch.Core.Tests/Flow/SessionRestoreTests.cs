using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>Networks that become infeasible and feasible again under one session.</summary>
public sealed class SessionRestoreTests
{
    [Fact]
    public void Solve_CapacityTakenAndGivenBack_EndsAsASolveFromNothing()
    {
        int infeasible = 0, restored = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            (FlowNetwork network, List<int> core) = Tight(random);
            FlowSession session = FlowSession.Open(network);
            bool was = false;
            for (int step = 0; step < 30; step++)
            {
                Edit(session, core, random);
                SessionResult warm = session.Solve();
                FlowSolution cold = FlowSolver.Solve(session.ToNetwork());
                Assert.True(warm.Status == cold.Status, $"seed {seed}, step {step}: {warm} for {cold.Status}");
                if (cold.Status == FlowStatus.Optimal) Assert.Equal(cold.Objective, warm.Objective);
                bool now = cold.Status == FlowStatus.Infeasible;
                infeasible += now ? 1 : 0;
                restored += was && !now ? 1 : 0;
                was = now;
            }
        }

        Assert.InRange(infeasible, 500, 6000);
        Assert.InRange(restored, 200, 6000);
    }

    // Nothing overflows here: what the core has no room for has no way at all.
    private static (FlowNetwork Network, List<int> Core) Tight(Random random)
    {
        var builder = new FlowNetworkBuilder();
        int rows = random.Next(1, 8), cores = random.Next(1, 5);
        long sum = 0;
        for (int r = 0; r < rows; r++)
        {
            long supply = random.Next(0, 9);
            sum += supply;
            builder.AddNode(supply);
        }

        int first = builder.AddNodes(cores), sink = builder.AddNode(-sum);
        for (int r = 0; r < rows; r++)
            for (int k = random.Next(1, 5); k > 0; k--)
                builder.AddArc(r, first + random.Next(cores), 0, random.Next(3) == 0 ? random.Next(0, 8) : FlowNetwork.Unlimited, random.Next(50));
        List<int> core = [];
        for (int v = 0; v < cores; v++)
        {
            core.Add(builder.AddArc(first + v, sink, 0, random.Next(0, 20), random.Next(4)));
            if (random.Next(2) == 0) core.Add(builder.AddArc(first + v, first + random.Next(cores), 0, random.Next(0, 9), random.Next(4)));
        }

        return (builder.Build(), core);
    }

    private static void Edit(FlowSession session, List<int> core, Random random)
    {
        for (int k = random.Next(1, 3); k > 0; k--)
        {
            int arc = core[random.Next(core.Count)];
            if (random.Next(3) == 0) session.SetCost(arc, random.Next(50));
            else session.SetUpper(arc, random.Next(0, 20));
        }
    }
}

using System.Collections.Immutable;
using TrafficDispatch.Core.Tests.Solve;
using TrafficDispatch.Model;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Sweeps;

namespace TrafficDispatch.Core.Tests.WhatIf;

public sealed class SweepTests : IDisposable
{
    private static readonly SmallProblem Four = new([3, 2], [4, 4, 1, 1], [[10, 20, 5, 7], [30, 5, 9, 9]], [10, 20, 30, 40], [false, false]);
    private static readonly ScenarioRunner Runner = ScenarioRunner.Start(new Snapshot(Four.ToWorld(), 0));
    private static readonly ImmutableArray<Scenario> Cases = [.. Enumerable.Range(0, 12).Select(static i => Scenario.Named($"case {i}").Surge("all", i / 4.0)), Scenario.Named("wrong").Fail("edge:e9")];

    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Run_Cases_EachAsIfItWereAloneInTheOrderGiven()
    {
        List<SweepProgress> heard = [];
        SweepReport report = ScenarioSweep.Run(Runner, Cases, new() { Threads = 3, Progress = heard.Add });
        Assert.Equal(Cases.Select(static c => c.Name), report.Rows.Select(static r => r.Name));
        for (int i = 0; i < 12; i++) Assert.Equal(Runner.Run(Cases[i]).Comparison!.After, report.Rows[i].Figures);
        Assert.Contains("'edge:e9' names no edge", Assert.Single(report.Rows[12].Faults), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 13), heard.Select(static p => p.Done));
        Assert.Equal(["wrong", "case 11"], report.WorstFirst().Take(2).Select(static r => r.Name));
        Assert.Equal([true, false], (bool[])[report.Rows[4].IsAbsorbed, report.Rows[11].IsAbsorbed]);
    }

    [Fact]
    public void Run_CutAndTakenUpAgain_SolvesOnlyWhatIsLeft()
    {
        using CancellationTokenSource cut = new();
        SweepOptions options = new() { Threads = 1, Journal = new(_file), Progress = p => { if (p.Done == 5) cut.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => ScenarioSweep.Run(Runner, Cases, options, cut.Token));
        // A row that was being written when the machine stopped is run again.
        byte[] whole = File.ReadAllBytes(_file);
        File.WriteAllBytes(_file, whole[..^7]);
        List<SweepProgress> heard = [];
        SweepReport report = ScenarioSweep.Run(Runner, Cases, new() { Threads = 1, Journal = new(_file), Progress = heard.Add });
        Assert.Equal((4, 4, 13), (report.Resumed, heard[0].Done, heard[^1].Done));
        Assert.Null(heard[0].Last);
        Assert.Equal(ScenarioSweep.Run(Runner, Cases).Rows.Select(static r => (r.Name, r.Figures, r.Moved, r.UnservedMore, r.IsAbsorbed)), report.Rows.Select(static r => (r.Name, r.Figures, r.Moved, r.UnservedMore, r.IsAbsorbed)));
        Assert.Equal(13, ScenarioSweep.Run(Runner, Cases, new() { Journal = new(_file) }).Resumed);
    }

    [Fact]
    public void Run_JournalOfAnotherSweep_IsRefusedAndLeftAlone()
    {
        ScenarioSweep.Run(Runner, Cases, new() { Journal = new(_file) });
        byte[] before = File.ReadAllBytes(_file);
        SweepJournalException other = Assert.Throws<SweepJournalException>(() => ScenarioSweep.Run(Runner, [.. Cases, Scenario.Named("more")], new() { Journal = new(_file) }));
        Assert.StartsWith($"{_file}:1: it belongs to another sweep", other.Message, StringComparison.Ordinal);
        Assert.Throws<SweepJournalException>(() => ScenarioSweep.RunFailures(Runner, false, new() { Journal = new(_file) }));
        Assert.Equal(before, File.ReadAllBytes(_file));
        File.WriteAllText(_file, "name,cost\n");
        Assert.Contains("it is no journal", Assert.Throws<SweepJournalException>(() => ScenarioSweep.Run(Runner, Cases, new() { Journal = new(_file) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DamagedRow_IsNamedByLine()
    {
        ScenarioSweep.Run(Runner, Cases, new() { Journal = new(_file) });
        string[] lines = File.ReadAllLines(_file);
        lines[3] = "{\"name\":1}";
        File.WriteAllText(_file, string.Join('\n', lines) + "\n");
        Assert.Contains($"{_file}:4: it is no row", Assert.Throws<SweepJournalException>(() => ScenarioSweep.Run(Runner, Cases, new() { Journal = new(_file) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TwoCasesOfOneName_AreRefused() =>
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => ScenarioSweep.Run(Runner, [Scenario.Named("a"), Scenario.Named("a")])).Message, StringComparison.Ordinal);

    /// <summary>The fast way over one network comes to what a scenario each comes to.</summary>
    [Fact]
    public void RunFailures_EveryDomainAndEdge_FiguresAreThoseOfAScenarioEach()
    {
        ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(ShippedWorld.World, 4));
        SweepReport report = ScenarioSweep.RunFailures(runner, operators: false);
        Assert.Equal(TrafficDispatch.Solve.Failure.FailureScenario.AllOf(ShippedWorld.World, false).Length, report.Rows.Length);
        foreach (SweepRow row in report.WorstFirst().Take(2).Append(report.Rows[100]))
            Assert.Equal(runner.Run(Scenario.Named(row.Name).Fail(row.Name)).Comparison!.After.Unserved, row.Figures!.Unserved);
    }

    [Fact]
    public void RunFailures_CutAndTakenUpAgain_ComesToTheSame()
    {
        SweepReport whole = ScenarioSweep.RunFailures(Runner, operators: true, new() { Journal = new(_file) });
        Assert.Equal(["domain:D0", "domain:D1", "domain:D2", "domain:D3", "operator:cdn", "operator:own"], whole.Rows.Select(static r => r.Name));
        string[] begun = [.. File.ReadAllLines(_file).Take(4)];
        File.WriteAllText(_file, string.Join('\n', begun) + "\n");
        SweepReport again = ScenarioSweep.RunFailures(Runner, operators: true, new() { Journal = new(_file) });
        Assert.Equal(3, again.Resumed);
        Assert.Equal(whole.Rows.Select(static r => (r.Name, r.Figures!.Unserved, r.Figures.CostMicroUsdPerHour, r.IsAbsorbed)), again.Rows.Select(static r => (r.Name, r.Figures!.Unserved, r.Figures.CostMicroUsdPerHour, r.IsAbsorbed)));
        Assert.Equal(6, ScenarioSweep.RunFailures(Runner, operators: true, new() { Journal = new(_file) }).Resumed);
    }
}

using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Counts what scripts reached, so that a generator that stops reaching it is noticed.</summary>
internal sealed class SessionTally
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Count(IReadOnlyList<SessionResult> results)
    {
        for (int i = 1; i < results.Count; i++)
        {
            SessionResult before = results[i - 1], now = results[i];
            Add($"{now.Status}");
            Add($"{now.Kernel} {(now.Rebuilt ? "rebuilt" : "warm")}");
            if (now is { Status: FlowStatus.Optimal, Pivots: > 0, Rebuilt: false } && now.Kernel == before.Kernel) Add($"{now.Kernel} warm with pivots");
            if (before.Status == FlowStatus.Optimal && now.Status == FlowStatus.Infeasible) Add("lost");
            if (before.Status == FlowStatus.Infeasible && now.Status == FlowStatus.Optimal) Add("back");
            if (before.Status == FlowStatus.Unbounded && now.Status == FlowStatus.Optimal) Add("bounded again");
            if (before.Kernel != now.Kernel && before.Kernel != "none" && now.Kernel != "none") Add("kernel changed");
        }
    }

    public void AssertWide()
    {
        string all = ToString();
        foreach (string kernel in (string[])["compact-simplex-32", "compact-simplex-64"])
            foreach (string how in (string[])["warm", "warm with pivots", "rebuilt"])
                Assert.True(Of($"{kernel} {how}") >= 200, $"{kernel} {how}: {all}");
        foreach (string other in (string[])["network-simplex rebuilt", "network-simplex warm", "lost", "back", "kernel changed"])
            Assert.True(Of(other) >= 50, $"{other}: {all}");
        Assert.True(Of("Unbounded") >= 15 && Of("network-simplex-128 warm") >= 15, all);
    }

    public override string ToString() => string.Join(", ", _counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}"));

    private int Of(string what) => _counts.GetValueOrDefault(what);

    private void Add(string what) => _counts[what] = Of(what) + 1;
}

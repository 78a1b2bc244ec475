using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Tests.Ingest;

public sealed class OverrideBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 10, 30, 0, TimeSpan.Zero);
    private readonly OverrideBook _book = new();

    [Fact]
    public void Take_Removed_IsGone()
    {
        _book.Take(List(2, "a", "b"), Now);
        _book.Take(List(3, "b"), Now);
        Assert.Equal("b", Held(Now));
        Assert.Empty(_book.Lost);
    }

    [Fact]
    public void At_TimeIsOver_IsGoneWithoutTheStore()
    {
        _book.Take(new(1, [Entry("a") with { Until = Now.AddMinutes(1) }, Entry("b")], []), Now);
        Assert.Equal("a b", Held(Now.AddSeconds(59)));
        Assert.Equal("b", Held(Now.AddMinutes(1)));
    }

    [Fact]
    public void Take_EntryIsDamaged_StaysAsItWasRead()
    {
        _book.Take(List(2, "a", "b"), Now);
        _book.Take(List(2, "b") with { Faults = ["override 'edge|a|ana': no JSON"], Damaged = ["edge|a|ana"] }, Now);
        Assert.Equal("a b", Held(Now));
        _book.Take(List(3, "b"), Now);
        Assert.Equal("b", Held(Now));
    }

    [Fact]
    public void Take_StoreWasEmptied_StaysAndIsToBeGivenBackUntilItIs()
    {
        _book.Take(List(7, "a", "b"), Now);
        _book.Take(List(0), Now);
        Assert.Equal(("a b", "a b"), (Held(Now), Names(_book.Lost)));
        // Only one was given back before the store was away again; the other one stays, and somebody set a third.
        _book.GaveBack(_book.Lost.Single(static o => o.Statement.Id == "a"));
        _book.Take(List(2, "a", "c"), Now);
        Assert.Equal(("a b c", "b"), (Held(Now), Names(_book.Lost)));
        _book.Take(List(3, "a", "b", "c"), Now);
        Assert.Empty(_book.Lost);
        _book.Take(List(4, "c"), Now);
        Assert.Equal("c", Held(Now));
    }

    private string Held(DateTimeOffset at) => Names(_book.At(at));

    private static string Names(ImmutableArray<HealthOverride> held) => string.Join(' ', held.Select(static o => o.Statement.Id).Order(StringComparer.Ordinal));

    private static OverrideList List(long revision, params string[] edges) => new(revision, [.. edges.Select(Entry)], []);

    private static HealthOverride Entry(string edge) => new(new(HealthScope.Edge, edge, HealthState.Drained, 0), "ana", "", Now, null);
}

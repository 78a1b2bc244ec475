using System.Text;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Tests;

public sealed class OverrideTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void List_EntryIsNoOverride_IsNamedAndTheOthersAreRead()
    {
        HealthOverride good = new(new(HealthScope.Domain, "HK:Hong Kong", HealthState.Down, 0), "ana", "", Now, Now.AddHours(1));
        OverrideList list = OverrideText.List(3, [("edge|e|ana", Encoding.UTF8.GetBytes("{")), (good.Name, OverrideText.Write(good)), ("edge|other|ana", OverrideText.Write(good))], Now);
        Assert.Equal(good, Assert.Single(list.Overrides));
        Assert.Equal((3, 2), (list.Revision, list.Faults.Length));
        Assert.Equal(["edge|e|ana", "edge|other|ana"], list.Damaged.AsEnumerable());
        Assert.Empty(OverrideText.List(3, [(good.Name, OverrideText.Write(good))], Now.AddHours(1)).Damaged);
    }
}

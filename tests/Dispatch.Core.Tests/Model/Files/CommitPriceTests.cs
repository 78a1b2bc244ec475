using TrafficDispatch.Model;

namespace TrafficDispatch.Core.Tests.Model.Files;

/// <summary>The commit's own price in <c>contracts.csv</c>.</summary>
public sealed class CommitPriceTests : IDisposable
{
    private const string Head = "contract_id,operator,billing,commit_gbps,commit_usd,tiers";
    private readonly TestWorld _files = TestWorld.Small();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Load_CommitUsd_IsTheCommitsPriceAndAbsentIsTheFirstTiers()
    {
        World world = _files.With("contracts.csv", Head, "a,own,p95,2,0.3,*:0.7").Build();
        Assert.Equal(0.3, world.Facts.Contracts[0].CommitUsd);
        Assert.Null(_files.With("contracts.csv", Head, "a,own,p95,2,,*:0.7").Build().Facts.Contracts[0].CommitUsd);
    }

    [Theory]
    [InlineData("a,own,p95,2,-1,*:0.7", "contracts.csv:2:13: field 'commit_usd' is '-1': must be a finite number >= 0")]
    [InlineData("a,own,p95,,1,*:0.7", "contracts.csv:2:12: field 'commit_usd' is '1': must not stand without a commit")]
    public void Load_WrongCommitUsd_IsNamed(string row, string fault) =>
        Assert.Contains(fault, _files.With("contracts.csv", Head, row).Load().Faults.Select(static f => f.ToString()));
}

using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests.Model.Files;

/// <summary>Contracts that cannot nest are refused; bounds that cannot all hold are named, and the world loads.</summary>
public sealed class ContractFileTests
{
    private const string Header = "contract_id,parent,operator,edges,floor_gbps,ceiling_gbps";

    public static TheoryData<string, string> Contradictions => new()
    {
        { "a,,own,own-par,6,5", "contracts.csv:2:16: field 'floor_gbps' is '6': must not be above the contract's ceiling of 5 Gbit/s: the floor yields" },
        { "a,,own,own-par,8.1,", "contracts.csv:2:16: field 'floor_gbps' is '8.1': must not be above the 8 Gbit/s that its edges can carry: the floor yields" },
        {
            "a,,own,own-par,9,5",
            "contracts.csv:2:16: field 'floor_gbps' is '9': must not be above the contract's ceiling of 5 Gbit/s: the floor yields\n" +
            "contracts.csv:2:16: field 'floor_gbps' is '9': must not be above the 8 Gbit/s that its edges can carry: the floor yields"
        },
        { "a,,own,,0,7\nb,a,own,own-par,4,\nc,a,own,own-bos,3.5,", "contracts.csv:2:11: field 'ceiling_gbps' is '7': must not be below the floors inside it, 7.5 Gbit/s in lines 3, 4: the floors yield" },
        { "a,,own,,0,7\nb,a,own,own-par;own-bos,0,\nc,b,own,own-par,7.5,", "contracts.csv:2:11: field 'ceiling_gbps' is '7': must not be below the floors inside it, 7.5 Gbit/s in line 3: the floors yield" },
        { "a,,own,,10,\nb,a,own,own-par,0,1", "contracts.csv:2:9: field 'floor_gbps' is '10': must not be above the 9 Gbit/s that the ceilings inside it leave: the floor yields" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Load_BoundsThatCannotAllHold_WarnsAndLoads(string rows, string warning)
    {
        using TestWorld files = TestWorld.Minimal().With("contracts.csv", [Header, .. rows.Split('\n')]);
        WorldLoadResult result = files.Load();
        Assert.True(result.IsLoaded, string.Join('\n', result.Faults));
        Assert.Equal(warning, string.Join('\n', result.Warnings));
        Assert.Equal(rows.Split('\n').Length, result.World.Facts.Contracts.Length);
    }

    /// <summary>A floor that yields to its own bounds is not counted again against those around it; bounds that just meet hold.</summary>
    [Theory]
    [InlineData("a,,own,,0,5\nb,a,own,own-par,5,5")]
    [InlineData("a,,own,,16,16")]
    [InlineData("a,,own,,0.3,0.3\nb,a,own,own-par,0.1,\nc,a,own,own-bos,0.2,")]
    public void Load_BoundsThatJustMeet_IsNoContradiction(string rows)
    {
        using TestWorld files = TestWorld.Minimal().With("contracts.csv", [Header, .. rows.Split('\n')]);
        Assert.Empty(files.Load().Warnings);
        Assert.Equal(rows.Split('\n').Length, files.Build().Facts.Contracts.Length);
    }

    [Fact]
    public void Load_FloorAboveItsOwnCeiling_IsNotHeldAgainstTheParent()
    {
        using TestWorld files = TestWorld.Minimal().With("contracts.csv", Header, "a,,own,,0,6", "b,a,own,own-par,7,5");
        Assert.Equal(
            ["contracts.csv:3:17: field 'floor_gbps' is '7': must not be above the contract's ceiling of 5 Gbit/s: the floor yields"],
            files.Load().Warnings.Select(static w => w.ToString()));
    }

    [Fact]
    public void Load_ChildBeforeItsParent_Nests()
    {
        using TestWorld files = TestWorld.Minimal().With("contracts.csv", Header, "b,a,own,own-par,,", "a,,own,,,");
        Assert.Equal("a", files.Build().Facts.Contracts[0].ParentId);
    }

    /// <summary>Nested by their edges alone is not enough: the tree is what <c>parent</c> says.</summary>
    [Fact]
    public void Load_ManyContractsThatShareAnEdge_NamesEachPairOnce()
    {
        using TestWorld files = TestWorld.Minimal().With("contracts.csv", Header, "a,,own,,,", "b,,own,own-par;own-bos,,", "c,b,own,own-par,,");
        Assert.Equal(
            [
                "contracts.csv:4:3: field 'parent' is 'b': must nest the contract with line 2: both hold edge 'own-par'",
                "contracts.csv:3:3: field 'parent' is '': must nest the contract with line 2: both hold edge 'own-bos'",
            ],
            files.Load().Faults.Select(static f => f.ToString()));
    }

    [Fact]
    public void Load_CycleBelowAndBesideRoots_NamesItsLinesOnce()
    {
        using TestWorld files = TestWorld.Minimal().With(
            "contracts.csv", Header, "hung,a,cdn-x,,,", "a,c,own,own-par,,", "b,a,own,own-par,,", "c,b,own,own-par,,", "root,,own,own-bos,,");
        Assert.Equal(
            ["contracts.csv:3:3: field 'parent' is 'c': must not lead back to the contract itself: lines 3, 5, 4"],
            files.Load().Faults.Select(static f => f.ToString()));
    }

    [Fact]
    public void Load_BrokenEdges_IsNotRepeatedByContracts()
    {
        using TestWorld files = TestWorld.Full().Change("edges.csv", "own-par,own,own", "own-par,own");
        Assert.Equal(["edges.csv:2: must have 17 fields, as the header; has 16"], files.Load().Faults.Select(static f => f.ToString()));
    }

    [Fact]
    public void Marginal_OfBothMethods_SpreadsOverTheSameTimeBase()
    {
        using TestWorld files = TestWorld.Full();
        World world = files.Build();
        Contract monthly = world.Facts.Contracts[1], byVolume = world.Facts.Contracts[3];
        Assert.Equal(new MicroUsdPerMbpsHour(972), monthly.Marginal(monthly.Tiers[0]));
        Assert.Equal(new MicroUsdPerMbpsHour(9000), byVolume.Marginal(byVolume.Tiers[0]));
    }
}

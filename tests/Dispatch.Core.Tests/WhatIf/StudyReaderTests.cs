using System.Collections.Immutable;
using System.Text;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Files;

namespace TrafficDispatch.Core.Tests.WhatIf;

/// <summary>Scenario files in JSON: what they mean, and every fault with its place.</summary>
public sealed class StudyReaderTests
{
    private const string Every = """
        {
          "name": "everything",
          "utc_hour": 20,
          "edits": [
            { "fail": "domain:DE:Frankfurt" }, { "drain": "edge:own-par" }, { "restore": "edge:own-par" },
            { "surge": "continent:EU", "factor": 1.5 },
            { "capacity": "operator:own", "factor": 2, "add_gbps": -1 },
            { "move_capacity": "edge:own-fra", "to": "edge:own-waw", "gbps": 5 },
            { "add_edge": "own-new", "like": "own-waw", "gbps": 60, "city": "Gdansk", "iso2": "PL", "continent": "EU", "zone": "EUE", "lat": 54.4, "lon": 18.5, "usd_per_gb": 0.01, "outside_contracts": true },
            { "price": "operator:own", "usd_per_mbps_month": 0.3 },
            { "contract": "new", "edges": ["operator:own"], "ceiling_gbps": "none", "billing": "p95", "commit_gbps": 5, "commit_usd": 0.2, "tiers": [ { "up_to_gbps": 10, "usd": 0.3 }, { "usd": 0.4 } ] },
            { "end_contract": "new" },
            { "law": "IN", "hop": "edge", "allowed": ["IN"] },
            { "rtt": "zone:IND", "edges": "all", "add_ms": 80 },
            { "weigh_latency": 2 }
          ],
          "hours": "day", "month": { "days": 7 }, "pareto": [0, 1]
        }
        """;

    [Fact]
    public void Read_EveryKindOfEdit_IsTheFluentOne()
    {
        (ScenarioStudy? study, ImmutableArray<StudyFault> faults) = Read(Every);
        Assert.Empty(faults);
        Assert.Equal(("everything", 20, 13, 24, 7), (study!.Name, study.UtcHour, study.Common.Scenario.Edits.Length, study.Hours.Length, study.Month!.Days));
        Scenario fluent = Scenario.Named("everything").Fail("domain:DE:Frankfurt").Drain("edge:own-par").Restore("edge:own-par").Surge("continent:EU", 1.5);
        Assert.Equal(fluent.Edits, study.Common.Scenario.Edits.Take(4));
        Assert.Equal("capacity operator:own×2-1", study.Common.Scenario.Edits[4].ToString());
        Assert.Equal("contract new, over operator:own, ceiling Infinity, by 95th percentile, commit 5, commit USD 0.2, tiers 10:0.3 *:0.4", study.Common.Scenario.Edits[8].ToString());
    }

    [Theory]
    [InlineData("[]", "f.json:1:1: is a list; it must be a map with edits")]
    [InlineData("{", "f.json:1:2: it is no JSON")]
    [InlineData("""{"edits": [ {"fail": "edge:x", "factor": 2} ]}""", "f.json:1:32: edits[0].factor: is unknown here; known are fail")]
    [InlineData("""{"edits": [ {"fail": "zone:EUW"} ]}""", "edits[0].fail: is 'zone:EUW'; it must be all or edge:ID")]
    [InlineData("""{"edits": [ {"surge": "edge:x", "factor": 2} ]}""", "edits[0].surge: is 'edge:x'; it must be all or region:ID")]
    [InlineData("""{"edits": [ {"surge": "all"} ]}""", "edits[0]: needs factor")]
    [InlineData("""{"edits": [ {"surge": "all", "factor": "2"} ]}""", "edits[0].factor: is '2'; it must be a number of at least 0")]
    [InlineData("""{"edits": [ {"surge": "all", "factor": -1} ]}""", "edits[0].factor: is '-1'; it must be a number of at least 0")]
    [InlineData("""{"edits": [ {} ]}""", "edits[0]: says nothing to do; it must have one of fail, drain")]
    [InlineData("""{"edits": [ {"fail": "edge:a", "drain": "edge:a"} ]}""", "edits[0]: says fail and drain; each edit does one thing")]
    [InlineData("""{"edits": [ 3 ]}""", "edits[0]: is '3'; it must be a map")]
    [InlineData("""{"edits": [ {"capacity": "all"} ]}""", "needs factor or add_gbps")]
    [InlineData("""{"edits": [ {"move_capacity": "operator:own", "to": "edge:a", "gbps": 1} ]}""", "must be one edge, edge:ID")]
    [InlineData("""{"edits": [ {"price": "all"} ]}""", "needs factor, usd_per_gb or usd_per_mbps_month")]
    [InlineData("""{"edits": [ {"add_edge": "a", "like": "b", "gbps": 1, "lat": 4} ]}""", "says where it stands by lat alone")]
    [InlineData("""{"edits": [ {"contract": "a", "tiers": [ 4 ]} ]}""", "each tier must be a map")]
    [InlineData("""{"edits": [ {"law": "IN", "hop": "moon", "allowed": "IN"} ]}""", "hop: is 'moon'; it must be edge or relay or origin")]
    [InlineData("""{"edits": [ {"rtt": "all", "edges": "all"} ]}""", "needs factor or add_ms")]
    [InlineData("""{"edits": [], "edits": []}""", "edits: stands twice")]
    [InlineData("""{"utc_hour": 24}""", "utc_hour: is '24'; it must be a number from 0 to 23")]
    [InlineData("""{"utc_hour": 2.5}""", "must be a whole number")]
    [InlineData("""{"hours": [1, 30]}""", "hours[1]: is '30'")]
    [InlineData("""{"month": {"slot_minutes": 7}}""", "month.slot_minutes: must divide an hour")]
    [InlineData("""{"each": "planet"}""", "each: is 'planet'; it must be domain or edge or operator or site")]
    [InlineData("""{"variants": [ {"name": "a"}, {"name": "a"} ]}""", "variants[1].name: is 'a' twice")]
    [InlineData("""{"variants": [ {"edits": []} ]}""", "variants[0]: needs name")]
    [InlineData("""{"surges": []}""", "surges: is unknown here; known are each, edits, hours")]
    public void Read_Fault_IsNamedWithItsPlace(string json, string fault)
    {
        (ScenarioStudy? study, ImmutableArray<StudyFault> faults) = Read(json);
        Assert.Null(study);
        Assert.Contains(faults, f => f.ToString().Contains(fault, StringComparison.Ordinal));
        Assert.All(faults, static f => Assert.InRange(f.Line, 1, 1));
    }

    [Fact]
    public void Read_SeveralFaults_AreAllNamedInTheOrderOfTheFile()
    {
        ImmutableArray<StudyFault> faults = Read("{\n \"edits\": [\n  { \"fail\": \"x\" },\n  { \"surge\": \"all\", \"factor\": true }\n ],\n \"each\": 4\n}").Faults;
        Assert.Equal([(3, 13), (4, 31), (6, 10)], faults.Select(static f => (f.Line, f.Column)));
    }

    [Fact]
    public void Cases_Choices_AreAllCombinationsAndEachFailsAll()
    {
        ScenarioStudy study = Read("""
            {"name": "grid", "edits": [{"weigh_latency": 2}],
             "variants": [ [ {"name": "a"}, {"name": "b", "edits": [{"surge": "all", "factor": 2}]} ], [ {"name": "x"}, {"name": "y"}, {"name": "z"} ] ]}
            """).Study!;
        ImmutableArray<StudyCase> cases = study.Cases(ShippedWorld.World).Cases;
        Assert.Equal(["a, x", "a, y", "a, z", "b, x", "b, y", "b, z"], cases.Select(static c => c.Scenario.Name));
        Assert.Equal([1, 1, 1, 2, 2, 2], cases.Select(static c => c.Scenario.Edits.Length));
        ImmutableArray<StudyCase> each = (study with { Choices = [], Each = TargetKind.Operator }).Cases(ShippedWorld.World).Cases;
        Assert.Equal(["operator:cdn-alibaba", "operator:cdn-bunny", "operator:cdn-cloudfront", "operator:own"], each.Select(static c => c.Scenario.Name));
        ScenarioStudy many = study with { Choices = [.. Enumerable.Repeat(study.Choices[1], 9)] };
        Assert.Contains("19683 cases; at most 10000", Assert.Single(many.Cases(ShippedWorld.World).Faults).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsOf_WhatTheWorldDoesNotHold_HasThePlaceOfItsEdit()
    {
        ScenarioStudy study = Read("{\n \"edits\": [ {\"weigh_latency\": 1},\n  {\"fail\": \"edge:nowhere\"} ]\n}").Study!;
        StudyCase only = study.Cases(ShippedWorld.World).Cases[0];
        StudyFault fault = Assert.Single(study.FaultsOf(only, only.Scenario.Apply(new(ShippedWorld.World, 0)).Faults));
        Assert.Equal(("f.json", 3, 3, "edits[1]"), (fault.File, fault.Line, fault.Column, fault.Field));
    }

    /// <summary>Whatever is done to a file, reading it ends with a study or with faults, never otherwise.</summary>
    [Fact]
    public void Read_DamagedFiles_EndInFaultsOrAStudy()
    {
        Random random = new(7);
        byte[] good = Encoding.UTF8.GetBytes(Every);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bad = [.. good];
            for (int flips = random.Next(1, 4); flips > 0; flips--) bad[random.Next(bad.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "{}[]\",:0-x\n"[random.Next(11)]);
            (ScenarioStudy? study, ImmutableArray<StudyFault> faults) = StudyReader.ReadJson(bad, "f.json");
            Assert.Equal(study is null, !faults.IsEmpty);
        }
    }

    private static (ScenarioStudy? Study, ImmutableArray<StudyFault> Faults) Read(string json) => StudyReader.ReadJson(Encoding.UTF8.GetBytes(json), "f.json");
}

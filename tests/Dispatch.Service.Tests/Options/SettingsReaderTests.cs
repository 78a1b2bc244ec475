using Microsoft.Extensions.Configuration;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Service.Tests.Options;

public sealed class SettingsReaderTests
{
    [Fact]
    public void Read_NothingGiven_HasTheDefaults()
    {
        ServiceSettings settings = Read([], out IReadOnlyList<SettingFault> faults);
        Assert.Empty(faults);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "world"), settings.World.Path);
        Assert.Equal((TimeSpan.FromMinutes(5), (int?)null), (settings.Solve.Interval, settings.Solve.UtcHour));
        Assert.EndsWith(Path.Combine("TrafficDispatch", "state"), settings.State.Path, StringComparison.Ordinal);
        Assert.Equal(12, settings.State.KeptTables);
    }

    [Fact]
    public void Read_ManyFaults_ReportsAllAtOnce()
    {
        Read(new()
        {
            ["Solve:Interval"] = "0",
            ["Solve:UtcHour"] = "24",
            ["State:KeptTables"] = "many",
            ["Redis:Configuration"] = "localhost:6379,password=hunter2",
            ["Kestrel:Endpoints:Grpc:Url"] = "5051",
            ["World:AsnMmdb"] = "asn.mmdb",
            ["Role"] = "lead",
            ["Solve:Intervall"] = "1",
        }, out IReadOnlyList<SettingFault> faults);
        Assert.Equal(
            ["Kestrel:Endpoints:Grpc:Url", "Redis:Configuration", "Role", "Solve:Interval", "Solve:Intervall", "Solve:UtcHour", "State:KeptTables", "World:AsnMmdb"],
            faults.Select(static f => f.Key).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(faults, static f => f.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00:00:01", 1)]
    [InlineData("0:05:00", 300)]
    [InlineData("1.00:00:00", 86400)]
    public void Read_Interval_IsTaken(string text, int seconds)
    {
        ServiceSettings settings = Read(new() { ["Solve:Interval"] = text }, out IReadOnlyList<SettingFault> faults);
        Assert.Empty(faults);
        Assert.Equal(TimeSpan.FromSeconds(seconds), settings.Solve.Interval);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("00:00:00.5")]
    [InlineData("-00:05:00")]
    [InlineData("1.00:00:01")]
    [InlineData("soon")]
    public void Read_IntervalOutOfRange_IsRefused(string text)
    {
        Read(new() { ["Solve:Interval"] = text }, out IReadOnlyList<SettingFault> faults);
        SettingFault fault = Assert.Single(faults);
        Assert.Equal(("Solve:Interval", text), (fault.Key, fault.Value));
    }

    [Theory]
    [InlineData("World", "/srv/world")]
    [InlineData("Solve", "00:01:00")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:65536")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://127.0.0.1:5051")]
    [InlineData("Logging:LogLevel:Default", "Loud")]
    [InlineData("Kestrel:Endpoints:Grpc:Protocols", "Http9")]
    [InlineData("Kestrel:Limits:MaxConcurrentConnections", "100")]
    public void Read_SettingThatCouldNotTakeEffect_IsRefused(string key, string value)
    {
        Read(new() { [key] = value }, out IReadOnlyList<SettingFault> faults);
        SettingFault fault = Assert.Single(faults);
        Assert.Equal((key, value), (fault.Key, fault.Value));
    }

    [Fact]
    public void Read_NothingGiven_IsStable()
    {
        SolveSettings solve = Read([], out _).Solve;
        Assert.Equal((40L, 10, new Pace(80, 1), (int?)null, TimeSpan.FromMinutes(5)), (solve.Stability.MoveCost, solve.Stability.OnloadPercent!.Value,
            solve.Stability.Pace, solve.Stability.MoveBudgetPercent, solve.Stability.ArrivalTime));
        Assert.Equal((true, false, null, null, null, 64), (solve.Failures, solve.Bursts, solve.Reserve, solve.MinMaxSlackPercent, solve.MaxRtt, solve.Candidates));
    }

    [Fact]
    public void Read_EverySolveSetting_IsTaken()
    {
        SolveSettings solve = Read(new()
        {
            ["Solve:Failures"] = "off",
            ["Solve:Bursts"] = "On",
            ["Solve:MoveCost"] = "0",
            ["Solve:OnloadPercent"] = "off",
            ["Solve:PacePercent"] = "100",
            ["Solve:DeadBandPercent"] = "0",
            ["Solve:MoveBudgetPercent"] = "3",
            ["Solve:ArrivalTime"] = "00:00:00",
            ["Solve:ReservePlaces"] = "zone",
            ["Solve:ReserveCharge"] = "7",
            ["Solve:MinMaxSlackPercent"] = "5",
            ["Solve:MaxRttMs"] = "250",
            ["Solve:Candidates"] = "8",
        }, out IReadOnlyList<SettingFault> faults).Solve;
        Assert.Empty(faults);
        Assert.Equal((0L, null, Pace.Full, 3, TimeSpan.Zero), (solve.Stability.MoveCost, solve.Stability.OnloadPercent, solve.Stability.Pace,
            solve.Stability.MoveBudgetPercent, solve.Stability.ArrivalTime));
        Assert.Equal((false, true, ReservePlaces.Zone, 7L), (solve.Failures, solve.Bursts, solve.Reserve!.Places, solve.Reserve.Charge));
        Assert.Equal((5, new Milliseconds(250), 8), (solve.MinMaxSlackPercent, solve.MaxRtt, solve.Candidates));
    }

    [Theory]
    [InlineData("Solve:Failures", "maybe", "on or off")]
    [InlineData("Guard:MovedPercent", "101", "0 to 100, or off")]
    [InlineData("Guard:Moved", "30", "DemandFallPercent")]
    [InlineData("Health:Quorum", "0", "1 to 100")]
    [InlineData("Health:RemoteProbes", "all", "on or off")]
    [InlineData("Load:TargetPercent", "95", "below Load:CeilingPercent (95)")]
    [InlineData("Solve:MoveCost", "-1", "0 to 1000000")]
    [InlineData("Solve:MoveCost", "off", "0 to 1000000")]
    [InlineData("Solve:OnloadPercent", "0", "1 to 100, or off")]
    [InlineData("Solve:PacePercent", "0", "1 to 100")]
    [InlineData("Solve:DeadBandPercent", "101", "0 to 100")]
    [InlineData("Solve:MoveBudgetPercent", "ten", "0 to 100, or off")]
    [InlineData("Solve:ArrivalTime", "5", "00:00:00 to 1.00:00:00")]
    [InlineData("Solve:ReservePlaces", "zones", "zone, continent, contract or off")]
    [InlineData("Solve:ReserveCharge", "5", "needs Solve:ReservePlaces")]
    [InlineData("Solve:MaxRttMs", "0", "1 to 100000, or off")]
    [InlineData("Solve:Candidates", "0", "1 to 65535")]
    public void Read_SolveSettingOutOfRange_IsRefusedByName(string key, string value, string rule)
    {
        Read(new() { [key] = value }, out IReadOnlyList<SettingFault> faults);
        SettingFault fault = Assert.Single(faults);
        Assert.Equal((key, value), (fault.Key, fault.Value));
        Assert.Contains(rule, fault.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SharedState_IsBound()
    {
        ServiceSettings settings = Read(new()
        {
            ["Redis:Configuration"] = "10.0.0.1:6380,10.0.0.2,tls=true",
            ["Redis:Prefix"] = "live",
            ["Redis:Lease"] = "00:00:20",
            ["Role"] = "Serve",
        }, out IReadOnlyList<SettingFault> faults);
        Assert.Empty(faults);
        Assert.Equal((Role.Serve, "live", true), (settings.Role, settings.Shared!.Redis.Prefix, settings.Shared.Redis.Tls));
        Assert.Equal(["10.0.0.1:6380", "10.0.0.2:6379"], settings.Shared.Redis.Endpoints.AsEnumerable());
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(2)), (settings.Shared.Lease, settings.Shared.Poll));
    }

    [Theory]
    [InlineData("Role", "serve", "needs Redis:Configuration")]
    [InlineData("Role", "2", "all, solve, serve or fold")]
    [InlineData("Redis:Prefix", "x", "needs Redis:Configuration")]
    [InlineData("Redis:Lease", "00:11:00", "00:00:01 to 00:10:00", "needs Redis:Configuration")]
    [InlineData("Redis:Address", "localhost", "is no setting of Redis")]
    public void Read_SharedSettingAlone_IsRefusedByName(string key, string value, params string[] rules)
    {
        Read(new() { [key] = value }, out IReadOnlyList<SettingFault> faults);
        Assert.Equal(rules.Length, faults.Count);
        for (int i = 0; i < rules.Length; i++)
        {
            Assert.Equal((key, value), (faults[i].Key, faults[i].Value));
            Assert.Contains(rules[i], faults[i].Rule, StringComparison.Ordinal);
        }
    }

    private static ServiceSettings Read(Dictionary<string, string?> given, out IReadOnlyList<SettingFault> faults) => SettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(EndpointDefaults.Values).AddInMemoryCollection(given).Build(), out faults);
}

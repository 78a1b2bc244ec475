using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Options.Catalog;

namespace TrafficDispatch.Service.Tests.Options;

/// <summary>The catalog says what the reader does: every range is held at its ends, every default is the one in force, and the page is made from it.</summary>
public sealed partial class SettingCatalogTests
{
    /// <summary>Set to write the page anew: <c>DISPATCH_WRITE_REFERENCE=1 dotnet test tests/Dispatch.Service.Tests -c Release --filter SettingCatalogTests</c>.</summary>
    private const string Write = "DISPATCH_WRITE_REFERENCE";

    // What some settings need beside them, so that they alone are judged.
    private static readonly Dictionary<string, (string Key, string Value)> Beside = new()
    {
        ["Solve:ReserveCharge"] = ("Solve:ReservePlaces", "zone"),
        ["DecisionLog"] = ("DecisionLog:OneIn", "10"),
        ["Otlp"] = ("Otlp:Endpoint", "http://127.0.0.1:4317"),
        ["Redis"] = ("Redis:Configuration", "127.0.0.1:6379"),
    };

    // Bounded by one another besides; their own test has that.
    private static readonly string[] Together = ["Load:CeilingPercent", "Load:TargetPercent", "Load:RoomPercent", "Paths:Hold", "Paths:LongestHold"];

    public static TheoryData<string> Keys => [.. SettingCatalog.ByKey.Keys.Where(static k => !k.StartsWith("Logging", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Page_OfSettings_IsThatOfTheCatalog()
    {
        string path = Path.Combine(Repository.Root, "docs", "reference", "configuration.md"), made = SettingReference.Render();
        if (Environment.GetEnvironmentVariable(Write) == "1") File.WriteAllText(path, made);
        Assert.Equal(File.ReadAllText(path), made);
        foreach (Match link in Link().Matches(made))
            Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "reference", link.Groups["path"].Value)), $"{link.Value} leads nowhere");
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Default_Written_ChangesNothing(string key)
    {
        Setting setting = SettingCatalog.ByKey[key];
        if (setting.Default.Length == 0) return;
        ServiceSettings absent = Read(key, null, out _), written = Read(key, setting.Default, out IReadOnlyList<SettingFault> faults);
        Assert.Empty(faults);
        Assert.Equal(Told(absent), Told(written));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Range_AtItsEnds_IsHeld(string key)
    {
        (string[] good, string[] bad) = Ends(SettingCatalog.ByKey[key].Form);
        if (!Together.Contains(key)) Assert.All(good, value => Assert.Empty(FaultsOf(key, value)));
        Assert.All(bad, value => Assert.Contains(FaultsOf(key, value), f => f.Key == key && f.Value == value));
    }

    private static (string[] Good, string[] Bad) Ends(SettingForm form) => form switch
    {
        WholeForm { OrOff: var off } f => ([$"{f.Least}", $"{f.Most}", .. off ? new[] { "off", "OFF" } : []], [$"{f.Least - 1}", $"{(long)f.Most + 1}", "many", "1.5", .. off ? [] : new[] { "off" }]),
        NumberForm f => ([Text(f.Least), Text(f.Most)], [Text(f.Least - 1), Text(f.Most + 1), "much"]),
        TimeForm f => ([$"{f.Least:c}", $"{f.Most:c}"], [$"{f.Least - TimeSpan.FromSeconds(1):c}", $"{f.Most + TimeSpan.FromSeconds(1):c}", "5", "soon"]),
        WordForm f => ([.. f.Values], ["neither"]),
        _ => ([], []),
    };

    private static IReadOnlyList<SettingFault> FaultsOf(string key, string value)
    {
        Read(key, value, out IReadOnlyList<SettingFault> faults);
        return faults;
    }

    private static ServiceSettings Read(string key, string? value, out IReadOnlyList<SettingFault> faults)
    {
        Dictionary<string, string?> given = EndpointDefaults.Values.ToDictionary(static v => v.Key, static v => v.Value);
        if ((Beside.TryGetValue(key, out (string Key, string Value) beside) || Beside.TryGetValue(key.Split(':')[0], out beside)) && beside.Key != key) given[beside.Key] = beside.Value;
        // Parts of the work exist over a shared store alone.
        if (key == "Role") given["Redis:Configuration"] = "127.0.0.1:6379";
        if (value is not null) given[key] = value;
        return SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(given).Build(), out faults);
    }

    private static string Text(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Records say all that they hold.
    private static string Told(ServiceSettings settings) => settings.ToString();

    [GeneratedRegex(@"\]\((?<path>[^)#h][^)#]*)(#[^)]*)?\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}

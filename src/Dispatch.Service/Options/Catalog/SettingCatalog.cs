using System.Collections.Frozen;
using System.Globalization;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>
/// All settings of the service, each declared once: the reader takes ranges from here, refuses what is not here, and <c>docs/reference/configuration.md</c>
/// is made from it. Defaults are those of the settings' own records.
/// </summary>
internal static partial class SettingCatalog
{
    // The groups are in the other files of this class: they must be there before the two below are made.
    static SettingCatalog()
    {
        Groups = [World, Solving, Shared, Endpoints, Limits, Telemetry, HealthAndLoad, Guarding, Page, Watching, Planning, Dns, Steering, Live, Security, Observing];
        ByKey = Groups.SelectMany(static g => g.Settings).ToFrozenDictionary(static s => s.Key, StringComparer.OrdinalIgnoreCase);
        Sections = Groups.SelectMany(static g => g.Settings).Select(static s => s.Key.Split(':', 2)).Where(static k => k.Length == 2 && k[0] is not ("Kestrel" or "Logging"))
            .GroupBy(static k => k[0], static k => k[1]).ToFrozenDictionary(static s => s.Key, static s => (IReadOnlyList<string>)[.. s], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The settings in the order in which people look for them.</summary>
    public static IReadOnlyList<SettingGroup> Groups { get; }

    /// <summary>The same by key.</summary>
    public static FrozenDictionary<string, Setting> ByKey { get; }

    /// <summary>Names of the settings of each section that is ours.</summary>
    public static FrozenDictionary<string, IReadOnlyList<string>> Sections { get; }

    /// <summary>What a setting may hold.</summary>
    /// <exception cref="KeyNotFoundException">It is not declared.</exception>
    public static T FormOf<T>(string key)
        where T : SettingForm => (T)ByKey[key].Form;

    private static Setting Whole(string key, int least, int most, long? whenAbsent, string words) => new(key, SettingForm.Whole(least, most), Written(whenAbsent, ""), words);

    private static Setting WholeOrOff(string key, int least, int most, long? whenAbsent, string words) =>
        new(key, SettingForm.Whole(least, most, orOff: true), Written(whenAbsent, "off"), words);

    private static Setting Number(string key, double least, double most, double whenAbsent, string words) =>
        new(key, SettingForm.Number(least, most), whenAbsent.ToString(CultureInfo.InvariantCulture), words);

    private static Setting Time(string key, TimeSpan least, TimeSpan most, TimeSpan whenAbsent, string words) => new(key, SettingForm.Time(least, most), whenAbsent.ToString("c"), words);

    private static Setting Switch(string key, bool whenAbsent, string words) => new(key, SettingForm.Switch, whenAbsent ? "on" : "off", words);

    private static Setting OneOf(string key, string whenAbsent, string words, params string[] values) => new(key, SettingForm.OneOf(values), whenAbsent, words);

    private static Setting Path(string key, string words, string defaultWords = "") => new(key, SettingForm.Path, "", words) { DefaultWords = defaultWords };

    private static Setting Text(string key, string form, string whenAbsent, string words, string defaultWords = "") =>
        new(key, SettingForm.Text(form), whenAbsent, words) { DefaultWords = defaultWords };

    private static string Written(long? value, string whenNull) => value?.ToString(CultureInfo.InvariantCulture) ?? whenNull;

    private static TimeSpan Seconds(int value) => TimeSpan.FromSeconds(value);

    private static TimeSpan Minutes(int value) => TimeSpan.FromMinutes(value);

    private static TimeSpan Hours(int value) => TimeSpan.FromHours(value);
}

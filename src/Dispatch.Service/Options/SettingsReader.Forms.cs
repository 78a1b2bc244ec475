using System.Globalization;
using TrafficDispatch.Service.Options.Catalog;

namespace TrafficDispatch.Service.Options;

/// <summary>Reads a setting as what the catalog says it may hold.</summary>
internal sealed partial class SettingsReader
{
    private const string Off = "off";

    private static bool IsOff(string text) => string.Equals(text, Off, StringComparison.OrdinalIgnoreCase);

    private int? Whole(string key) => Text(key) is { Length: > 0 } text ? WholeOf(key, text) : null;

    private int? WholeOrOff(string key, int? whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        return IsOff(text) ? null : WholeOf(key, text) ?? whenAbsent;
    }

    private int? WholeOf(string key, string text)
    {
        WholeForm form = SettingCatalog.FormOf<WholeForm>(key);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= form.Least && value <= form.Most) return value;
        Misfit(key, text, form);
        return null;
    }

    private double Number(string key, double whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        NumberForm form = SettingCatalog.FormOf<NumberForm>(key);
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= form.Least && value <= form.Most) return value;
        Misfit(key, text, form);
        return whenAbsent;
    }

    private TimeSpan Time(string key, TimeSpan whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        TimeForm form = SettingCatalog.FormOf<TimeForm>(key);
        // "5" would read as five days: a time of day must show its colons.
        bool read = text.Contains(':', StringComparison.Ordinal) & TimeSpan.TryParseExact(text, ["c", @"h\:mm\:ss", @"hh\:mm\:ss"], CultureInfo.InvariantCulture, out TimeSpan time);
        if (read && time >= form.Least && time <= form.Most) return time;
        Misfit(key, text, form);
        return whenAbsent;
    }

    private bool Switch(string key, bool whenAbsent)
    {
        if (Text(key).Length == 0) return whenAbsent;
        return Word(key) != Off;
    }

    /// <summary>The word that a setting holds, in the catalog's spelling; null where it is absent or none of the catalog's.</summary>
    private string? Word(string key)
    {
        string text = Text(key);
        if (text.Length == 0) return null;
        WordForm form = SettingCatalog.FormOf<WordForm>(key);
        string? word = form.Values.FirstOrDefault(value => string.Equals(value, text, StringComparison.OrdinalIgnoreCase));
        if (word is null) Misfit(key, text, form);
        return word;
    }

    private void Misfit(string key, string text, SettingForm form) => Fault(key, text, $"must be {form.Words}");
}
